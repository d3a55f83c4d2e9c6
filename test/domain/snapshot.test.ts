import { describe, expect, it } from "vitest";
import { BUILT_IN_AGENT_TYPES, SNAPSHOT_VERSION } from "../../src/contract/index.js";
import { createBackendClock } from "../../mock-server/domain/index.js";
import { all, crew, ofGame, rig, teamWork, thrownBy, work, type Rig } from "./support.js";

const testerType = { ...BUILT_IN_AGENT_TYPES[3], type: "tester", name: "Tester", capabilities: ["testing"] };

function busy(): Rig {
  const busyRig = rig({ limits: { max_agents: 8 } });
  const { engine, advance } = busyRig;
  engine.games.connect({ game_id: "red", metadata: { level: 3 } });
  engine.scenes.put(all, "hall", {
    game_id: "red",
    workspaces: [{ id: "a", position: { x: 1, y: 1, z: 1 } }],
  });
  engine.agents.create(ofGame("red"), { agent_type: "claude", scene_id: "hall", metadata: { skin: "blå" } });
  const [agent_id = ""] = crew(engine, ["aider", "opencode", "custom"]);
  engine.tasks.assign(ofGame("red"), work());
  engine.tasks.assign(all, work({ agent_id }));
  engine.tasks.assign(all, work({ agent_id, priority: 4 }));
  engine.tasks.assignTeam(all, teamWork());
  engine.tasks.assign(all, work({ prompt: "Wait" }));
  engine.agents.move(all, { agent_id, position: { x: 9, y: 9, z: 9 }, sequence: 12 });
  advance(4);
  return busyRig;
}

describe("a snapshot", () => {
  it("is JSON, and an engine that goes on from it does what the first would have done", () => {
    const first = busy();
    const snapshot: unknown = JSON.parse(JSON.stringify(first.engine.snapshot()));
    expect(snapshot).toStrictEqual(first.engine.snapshot());
    const at = first.events.length;
    const clock = createBackendClock("manual");
    clock.advance(4_000);
    const second = rig({ seed: 999, clock, snapshot, limits: { max_agents: 8 } });
    expect(second.engine.snapshot()).toEqual(snapshot);
    for (const { engine, advance } of [first, second]) {
      advance(20);
      engine.agents.create(all, { agent_type: "aider" });
      advance(100);
    }
    expect(JSON.stringify(second.events)).toBe(JSON.stringify(first.events.slice(at)));
    expect(second.engine.snapshot()).toEqual(first.engine.snapshot());
  });

  it("remembers the newest sequence of each client that moved an agent", () => {
    const first = busy().engine;
    const [agent] = first.agents.list(all, { type: "aider" }).items;
    const moved = (sequence: number) => ({
      agent_id: agent?.id ?? "",
      position: { x: 0, y: 0, z: 0 },
      sequence,
    });
    first.agents.move(all, moved(3), "page");
    const { engine } = rig({ snapshot: JSON.parse(JSON.stringify(first.snapshot())) });
    expect(engine.agents.move(all, moved(11)).applied).toBe(false);
    expect(engine.agents.move(all, moved(2), "page").applied).toBe(false);
    expect(engine.agents.move(all, moved(4), "page").applied).toBe(true);
    expect(engine.agents.move(all, moved(1), "another page").applied).toBe(true);
  });

  it("from before it was known who numbers lets every client's next move count", () => {
    const saved = busy().engine.snapshot();
    const agents = saved.world.agents.map(({ sequences: _sequences, ...agent }) => ({
      ...agent,
      sequence: 1_757_000_000_000,
    }));
    const { engine } = rig({ snapshot: { ...saved, world: { ...saved.world, agents } } });
    const [agent] = engine.agents.list(all, { type: "aider" }).items;
    const next = { agent_id: agent?.id ?? "", position: { x: 0, y: 0, z: 0 }, sequence: 1 };
    expect(engine.agents.move(all, next, "page").applied).toBe(true);
  });

  it("keeps the types that were added", () => {
    const first = rig();
    const tester = first.engine.agents.addType(testerType);
    const { engine } = rig({ snapshot: JSON.parse(JSON.stringify(first.engine.snapshot())) });
    expect(engine.agents.types()).toEqual(first.engine.agents.types());
    expect(engine.agents.create(all, { agent_type: "tester" })).toMatchObject({ color: tester.color });
  });

  it("gives way to what the options say now of a type that was added once", () => {
    const first = rig();
    first.engine.agents.addType(testerType);
    const now = { ...testerType, color: "#000000" };
    const { engine } = rig({ snapshot: first.engine.snapshot(), agentTypes: [now] });
    expect(engine.agents.types()).toEqual([now]);
  });

  it("from before types could be added has none", () => {
    const { world, ...rest } = rig().engine.snapshot();
    const { types: _types, ...older } = world;
    const { engine } = rig({ snapshot: { ...rest, world: older } });
    expect(engine.agents.types()).toEqual(BUILT_IN_AGENT_TYPES);
  });

  it("goes on in time from where it was taken when the clock is behind", () => {
    const first = busy();
    const second = rig({ snapshot: first.engine.snapshot() });
    expect(second.engine.nextDueAt()).toBe((first.engine.nextDueAt() ?? 0) - 4_000);
    first.advance(60);
    second.advance(60);
    expect(second.events.at(-1)).toEqual(first.events.at(-1));
  });

  it("goes on in the same epoch, and asks who knows of less than it to look afresh", () => {
    const first = busy();
    const { engine } = rig({ snapshot: first.engine.snapshot() });
    expect(engine.log).toMatchObject({ epoch: first.engine.log.epoch, seq: first.engine.log.seq });
    expect(engine.log.after(all, engine.log.seq)).toEqual([]);
    expect(engine.log.after(all, engine.log.seq - 1)).toBe("outrun");
  });

  it("goes on in a new epoch when it is told that others may know of more", () => {
    const first = busy();
    const { engine } = rig({ snapshot: first.engine.snapshot(), epoch: "new" });
    expect(engine.log.epoch).not.toBe(first.engine.log.epoch);
  });

  it("is not changed by what the engine does later, and changing it does not change the engine", () => {
    const { engine, advance } = busy();
    const snapshot = engine.snapshot();
    const text = JSON.stringify(snapshot);
    advance(30);
    expect(JSON.stringify(snapshot)).toBe(text);
    const other = engine.snapshot();
    const otherText = JSON.stringify(other);
    other.world.ended.length = 0;
    other.agenda.jobs.length = 0;
    expect(JSON.stringify(engine.snapshot())).toBe(otherText);
  });

  it("from a newer version is refused with both versions named", () => {
    const snapshot = { ...busy().engine.snapshot(), version: SNAPSHOT_VERSION + 1 };
    const error = thrownBy(() => rig({ snapshot }));
    expect(error).toMatchObject({ name: "EngineError", code: "invalid_request" });
    expect(String(error)).toContain(`version ${SNAPSHOT_VERSION + 1}`);
    expect(String(error)).toContain(`up to ${SNAPSHOT_VERSION}`);
  });

  it.each([
    ["a number that JSON cannot say", { a: Infinity }, "its field 'a' is Infinity"],
    ["the name of a prototype", JSON.parse('{"__proto__":1}'), "a field of the name __proto__"],
  ])("with %s in it is refused, since it would be another", (_what, metadata, why) => {
    const { world, ...rest } = busy().engine.snapshot();
    const games = world.games.map((game) => ({ ...game, about: { ...game.about, metadata } }));
    const error = thrownBy(() => rig({ snapshot: { ...rest, world: { ...world, games } } }));
    expect(error).toMatchObject({ name: "EngineError", code: "invalid_request" });
    expect(String(error)).toContain(why);
  });

  it.each([
    ["null", null],
    ["a number", 5],
    ["a text", "{}"],
    ["some other object", { hello: "world" }],
    ["a list", []],
    ["a function", () => undefined],
    ["one without a version", { format: "agentvm-snapshot" }],
  ])("that is %s is refused as none", (_name, snapshot) => {
    const error = thrownBy(() => rig({ snapshot }));
    expect(error).toMatchObject({ name: "EngineError", code: "invalid_request" });
    expect(String(error)).toContain("The snapshot cannot be restored");
  });

  it("that is damaged is refused with the place of the damage", () => {
    const snapshot = busy().engine.snapshot();
    expect(String(thrownBy(() => rig({ snapshot: { ...snapshot, seq: -1 } })))).toContain("snapshot.seq");
    expect(thrownBy(() => rig({ snapshot: { ...snapshot, random: [1] } }))).toMatchObject({
      code: "invalid_request",
    });
    const { ended: _ended, ...world } = snapshot.world;
    expect(String(thrownBy(() => rig({ snapshot: { ...snapshot, world } })))).toContain(
      "snapshot.world.ended",
    );
  });

  it("whose parts do not belong together is refused", () => {
    const snapshot = busy().engine.snapshot();
    const lost = { ...snapshot, world: { ...snapshot.world, agents: [] } };
    expect(String(thrownBy(() => rig({ snapshot: lost })))).toMatch(/nobody works on|waits for an agent/);
    const idle = { ...snapshot, world: { ...snapshot.world, work: [] } };
    expect(String(thrownBy(() => rig({ snapshot: idle })))).toMatch(
      /snapshot\.world\.work\.task_\w+\.kept must be an object/,
    );
  });
});
