import { describe, expect, it } from "vitest";
import type { Limits } from "../../src/contract/index.js";
import { all, crew, get, ofGame, only, rig, teamWork, thrownBy, work, type Rig } from "./support.js";

const KIB = 1_024;
const red = ofGame("red");
const blue = ofGame("blue");

/** An engine with two games, each of which may hold so much. */
function games(game_bytes: number, totalBytes?: number, limits: Partial<Limits> = {}): Rig {
  const made = rig({ limits: { game_bytes, ...limits }, ...(totalBytes !== undefined && { totalBytes }) });
  for (const game_id of ["red", "blue"]) made.engine.games.connect({ game_id });
  return made;
}

const note = (kib: number) => ({ note: "x".repeat(kib * KIB) });

/** A scene of the game `red` with so many places. */
const points = (count: number) => ({
  game_id: "red",
  spawn_points: Array.from({ length: count }, () => ({ x: 1, y: 2, z: 3 })),
});

/** Assigns until it is refused; gives the ids, and what the refusal was. */
function fill({ engine }: Rig, scope = red, kib = 8): { readonly ids: string[]; readonly refused: unknown } {
  const ids: string[] = [];
  for (let count = 0; count < 10_000; count += 1) {
    const refused = thrownBy(() => ids.push(engine.tasks.assign(scope, work({ metadata: note(kib) })).id));
    if (refused !== undefined) return { ids, refused };
  }
  throw new Error("Nothing was refused.");
}

describe("what a game holds", () => {
  it("is bounded in bytes: past it that game alone is refused, and others go on", () => {
    const made = games(200 * KIB);
    const { ids, refused } = fill(made);
    expect(ids.length).toBeGreaterThan(15);
    expect(refused).toMatchObject({
      code: "storage_full",
      message: expect.stringMatching(
        /^There is no room for this: the game 'red' takes \d+ of the 204800 bytes/,
      ),
    });
    const { engine } = made;
    expect(engine.storage.held("red")).toBeLessThanOrEqual(200 * KIB);
    expect(engine.tasks.assign(blue, work({ metadata: note(8) })).status).toBe("pending");
    expect(engine.tasks.assign(all, work({ metadata: note(8) })).status).toBe("pending");
  });

  it.each<[what: string, more: (made: Rig) => unknown]>([
    ["an agent", ({ engine }) => engine.agents.create(red, { agent_type: "aider", metadata: note(16) })],
    ["a task", ({ engine }) => engine.tasks.assign(red, work({ metadata: note(16) }))],
    ["a team", ({ engine }) => engine.tasks.assignTeam(red, teamWork({ prompt: "p".repeat(9_000) }))],
    [
      "a scene",
      ({ engine }) =>
        engine.scenes.put(red, "hall", {
          game_id: "red",
          spawn_points: Array.from({ length: 200 }, () => ({ x: 1, y: 2, z: 3 })),
        }),
    ],
  ])("counts %s, and refuses it where there is no room, with nothing changed", (_what, more) => {
    const made = games(100 * KIB);
    const { engine, changes } = made;
    crew(engine, ["aider", "aider"], red);
    const before = engine.storage.held("red");
    more(made);
    expect(engine.storage.held("red")).toBeGreaterThan(before + 8 * KIB);

    const full = games(100 * KIB);
    crew(full.engine, ["aider", "aider"], red);
    const [busy = ""] = full.engine.agents.list(red, {}).items.map(({ id }) => id);
    for (;;) {
      const body = work({ agent_id: busy, metadata: note(4) });
      if (thrownBy(() => full.engine.tasks.assign(red, body)) !== undefined) break;
    }
    const known = full.changes.length;
    expect(thrownBy(() => more(full))).toMatchObject({ code: "storage_full" });
    expect(full.changes.slice(known)).toEqual([]);
    expect(changes.length).toBeGreaterThan(0);
  });

  it("grows by what its tasks write, and is free again when they are forgotten", () => {
    const { engine, advance } = games(1_000 * KIB, undefined, { completed_task_ttl_seconds: 100 });
    crew(engine, ["aider"], red);
    const empty = engine.storage.held("red");
    const { id } = engine.tasks.assign(red, work());
    const started = engine.storage.held("red");
    advance(60);
    expect(get(engine, id).status).not.toBe("running");
    expect(engine.storage.held("red")).not.toBe(started);
    advance(100);
    expect(engine.storage.held("red")).toBe(empty);
  });

  it("makes room for new work by forgetting what is over, the first to end first, however long the game goes on", () => {
    const { engine, advance, events } = games(60 * KIB);
    crew(engine, ["aider"], red);
    const ids: string[] = [];
    for (let count = 0; count < 60; count += 1) {
      ids.push(engine.tasks.assign(red, work({ metadata: note(1) })).id);
      advance(60);
    }
    const kept = engine.tasks.list(red, { limit: 500 }).items.map(({ id }) => id);
    expect(kept).toEqual(ids.slice(-kept.length));
    expect(kept.length).toBeGreaterThan(3);
    expect(only(events, "task.started")).toHaveLength(60);
  });

  it("forgets nothing where that would not be enough", () => {
    const made = games(100 * KIB);
    const { engine, changes } = made;
    const { ids } = fill(made);
    engine.tasks.cancel(red, ids[0] ?? "", null);
    const known = changes.length;
    const huge = { ...note(15), more: Array.from({ length: 500 }, () => 0) };
    expect(thrownBy(() => engine.tasks.assign(red, work({ metadata: huge })))).toMatchObject({
      code: "storage_full",
    });
    expect(changes.slice(known)).toEqual([]);
    expect(get(engine, ids[0] ?? "").status).toBe("cancelled");
  });

  it("fits again once something was cancelled or removed", () => {
    const made = games(100 * KIB);
    const { engine } = made;
    const { id } = engine.agents.create(red, { agent_type: "aider", metadata: note(8) });
    const { ids } = fill(made);
    const more = () => thrownBy(() => engine.tasks.assign(red, work({ metadata: note(8) })));
    engine.tasks.cancel(red, ids[1] ?? "", null);
    expect(more()).toBeUndefined();
    expect(more()).toMatchObject({ code: "storage_full" });
    engine.agents.remove(red, id);
    expect(more()).toBeUndefined();
  });

  it("may become less where it is full: a scene can be described in fewer words", () => {
    const { engine } = games(70 * KIB);
    engine.scenes.put(red, "hall", points(800));
    expect(thrownBy(() => engine.scenes.put(red, "hall", points(1_000)))).toMatchObject({
      code: "storage_full",
    });
    expect(engine.scenes.put(red, "hall", points(100)).revision).toBe(2);
  });

  it("is no reason not to connect: a game that is full can come and clean up", () => {
    const made = games(100 * KIB);
    fill(made);
    expect(made.engine.games.connect({ game_id: "red", metadata: note(15) }).game_id).toBe("red");
  });

  it("leaves no room for spare agents, and that is no failure", () => {
    const made = games(100 * KIB, undefined, { auto_spawn: true, min_idle_agents: 1, max_agents: 500 });
    const { ids, refused } = fill(made, red, 12);
    expect(refused).toMatchObject({ code: "storage_full" });
    expect(ids.length).toBeGreaterThan(3);
  });

  it("gives a game its spare agents as soon as there is room for them", () => {
    const { engine } = rig({ limits: { game_bytes: 100 * KIB, auto_spawn: true, min_idle_agents: 1 } });
    const { session_id } = engine.games.connect({ game_id: "red", keep: true });
    engine.games.disconnect(session_id);
    const agents = () => engine.agents.list(red, {}).items;
    for (const { id } of agents()) engine.agents.remove(red, id);
    let size = 2_000;
    while (size > 0 && thrownBy(() => engine.scenes.put(red, "hall", points(size))) !== undefined) size -= 1;
    engine.games.connect({ game_id: "red" });
    expect(agents()).toHaveLength(0);
    engine.scenes.put(red, "hall", points(1));
    expect(agents()).toHaveLength(1);
  });

  it("counts small values for what they take, not for their text alone", () => {
    const { engine } = games(1_000 * KIB);
    const before = engine.storage.held("red");
    const list = Array.from({ length: 900 }, () => ({}));
    engine.agents.create(red, { agent_type: "aider", metadata: { list } });
    expect(engine.storage.held("red") - before).toBeGreaterThan(50 * KIB);
  });

  it("counts the answers that are kept to be given again", () => {
    const { engine } = games(100 * KIB);
    const before = engine.storage.held("red");
    engine.answers.keep("game:red", "k", "body", { text: "x".repeat(95 * KIB) });
    expect(thrownBy(() => engine.tasks.assign(red, work({ metadata: note(8) })))).toMatchObject({
      code: "storage_full",
    });
    engine.answers.keep("game:red", "k2", "body", {});
    expect(engine.storage.held("red")).toBeLessThan(before + KIB);
  });

  it("is as it was when a snapshot is loaded, and more than now may be is let be", () => {
    const made = games(200 * KIB);
    fill(made);
    const held = made.engine.storage.held("red");
    const { engine } = rig({ snapshot: made.engine.snapshot(), limits: { game_bytes: 100 * KIB } });
    expect(engine.storage.held("red")).toBe(held);
    expect(engine.storage.held()).toBe(made.engine.storage.held());
    expect(thrownBy(() => engine.tasks.assign(red, work()))).toMatchObject({ code: "storage_full" });
    expect(engine.tasks.assign(blue, work()).status).toBe("pending");
  });
});

describe("what all games hold", () => {
  it("is bounded too: who holds more than a fair share is refused, who holds less is not", () => {
    const made = games(1_000 * KIB, 300 * KIB);
    const { refused } = fill(made);
    expect(refused).toMatchObject({
      code: "storage_full",
      message: expect.stringMatching(
        /^There is no room for this: all games together take \d+ of 307200 bytes/,
      ),
    });
    const { engine } = made;
    expect(engine.tasks.assign(blue, work({ metadata: note(8) })).status).toBe("pending");
    expect(thrownBy(() => engine.tasks.assign(red, work({ metadata: note(8) })))).toMatchObject({
      code: "storage_full",
    });
  });

  it("stays within its bound where what is over can make room, that of the largest game first", () => {
    const made = games(1_000 * KIB, 300 * KIB);
    const { engine } = made;
    const { ids } = fill(made);
    for (const id of ids) engine.tasks.cancel(red, id, null);
    for (let count = 0; count < 10; count += 1) engine.tasks.assign(blue, work({ metadata: note(8) }));
    expect(engine.storage.held()).toBeLessThanOrEqual(300 * KIB);
    expect(thrownBy(() => get(engine, ids[0] ?? ""))).toMatchObject({ code: "task_not_found" });
    expect(get(engine, ids.at(-1) ?? "").status).toBe("cancelled");
  });

  it("is never passed by more than a quarter, whoever asks", () => {
    const made = rig({ limits: { game_bytes: 1_000 * KIB }, totalBytes: 200 * KIB });
    for (let game = 0; game < 40; game += 1) {
      const game_id = `game${game}`;
      const refused = thrownBy(() => made.engine.games.connect({ game_id }));
      if (refused === undefined) fill(made, ofGame(game_id), 2);
      else expect(refused).toMatchObject({ code: "storage_full" });
    }
    expect(made.engine.storage.held()).toBeLessThanOrEqual(250 * KIB);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 53])("may not be bounded by %d bytes", (totalBytes) => {
    expect(thrownBy(() => rig({ totalBytes }))).toMatchObject({
      code: "invalid_request",
      detail: [{ loc: ["totalBytes"] }],
    });
  });
});
