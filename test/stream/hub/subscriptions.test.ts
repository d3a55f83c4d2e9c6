import { describe, expect, it } from "vitest";
import { createRig, type Rig } from "./rig.js";
import type { ScriptedConnection } from "./scripted-connection.js";

const LIMITS = { limits: { max_agents: 50 } };

function play(rig: Rig, gameIds: readonly (string | undefined)[]): string[] {
  return gameIds.map(
    (game_id) => rig.call("agentCreate", { body: { agent_type: "aider", game_id } }).agent_id,
  );
}

const agents = (client: ScriptedConnection): string[] =>
  client.ofType("agent.created").map(({ data }) => data.agent.id);

describe("a subscription", () => {
  it("of a key without a game hears every game and what belongs to none", () => {
    const rig = createRig(LIMITS);
    rig.game("one");
    rig.game("two");
    const client = rig.join();
    expect(agents(client)).toEqual([]);
    const made = play(rig, ["one", "two", undefined]);
    expect(agents(client)).toEqual(made);
  });

  it("of a key with a game hears that game alone", () => {
    const rig = createRig(LIMITS);
    rig.game("one");
    rig.game("two");
    const client = rig.join({ subscribe: { game_id: "two" } });
    const [, second] = play(rig, ["one", "two", undefined]);
    expect(agents(client)).toEqual([second]);
  });

  it("of a key with a game that is not there yet is quiet until it is", () => {
    const rig = createRig(LIMITS);
    const client = rig.join({ subscribe: { game_id: "later" } });
    expect(client.welcome["type"]).toBe("welcome");
    rig.game("later");
    const made = play(rig, ["later"]);
    expect(agents(client)).toEqual(made);
  });

  it("of a session hears its own game alone, named or not", () => {
    const rig = createRig(LIMITS);
    const one = rig.game("one");
    rig.game("two");
    const plain = rig.join({ session_token: one.session_token });
    const named = rig.join({ session_token: one.session_token, subscribe: { game_id: "one" } });
    const [first] = play(rig, ["one", "two", undefined]);
    expect(agents(plain)).toEqual([first]);
    expect(agents(named)).toEqual([first]);
  });

  it.each(["two", "nowhere"])("of a session to the game '%s' is forbidden", (game_id) => {
    const rig = createRig(LIMITS);
    const one = rig.game("one");
    rig.game("two");
    const client = rig.join({ session_token: one.session_token, subscribe: { game_id } });
    expect(client.closing).toEqual({ code: 4403, reason: "forbidden: a session hears its own game alone" });
  });

  const types: [string, string[], string[]][] = [
    ["whole names", ["task.started", "agent.created"], ["agent.created", "task.started"]],
    ["a star behind a dot", ["task.*"], ["task.assigned", "task.started", "task.cancelled"]],
    [
      "a star alone",
      ["task.started", "*"],
      ["agent.created", "task.assigned", "task.started", "task.cancelled"],
    ],
    ["a name that nothing has", ["task.dreamt", "agent.created"], ["agent.created"]],
    ["nothing, which means all", [], ["agent.created", "task.assigned", "task.started", "task.cancelled"]],
  ];
  it.each(types)("to %s hears these types", (_what, wanted, heard) => {
    const rig = createRig(LIMITS);
    const client = rig.join({ subscribe: { types: wanted } });
    play(rig, [undefined]);
    const { task_id } = rig.call("taskAssign", { body: { prompt: "Fix the jump" } });
    rig.call("taskCancel", { params: { task_id }, body: {} });
    const seen = client.stream.map(({ type }) => type);
    expect(seen.filter((type) => type !== "agent.state_changed" && type !== "task.progress")).toEqual(heard);
  });

  it("to agents hears what is about them alone", () => {
    const rig = createRig(LIMITS);
    rig.game("one");
    const [first, second] = play(rig, [undefined, undefined]);
    const client = rig.join({ subscribe: { agent_ids: [second] } });
    rig.call("taskAssign", { body: { prompt: "a", agent_id: first } });
    rig.call("taskAssign", { body: { prompt: "b", agent_id: second } });
    rig.call("sceneUpdate", { params: { scene_id: "s" }, body: { game_id: "one" } });
    rig.backend.clock.advance(600_000);
    const about = client.stream.map(({ data }) => data.agent_id ?? data.task?.agent_id);
    expect(new Set(about)).toEqual(new Set([second]));
    expect(client.stream.map(({ type }) => type)).toContain("task.started");
  });

  it("beside another one has its own chain of prev for the events that both hear", () => {
    const rig = createRig(LIMITS);
    const all = rig.join();
    const few = rig.join({ subscribe: { types: ["agent.created"] } });
    rig.game("one");
    play(rig, [undefined]);
    rig.call("sceneUpdate", { params: { scene_id: "s" }, body: { game_id: "one" } });
    play(rig, [undefined]);
    const chain = (client: ScriptedConnection): number[][] =>
      client.stream.map(({ prev, seq }) => [prev, seq]);
    expect(chain(all)).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(chain(few)).toEqual([
      [0, 1],
      [1, 3],
    ]);
  });
});
