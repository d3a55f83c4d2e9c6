import { describe, expect, it, onTestFinished } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { Script } from "../../mock-server/index.js";
import { all, work } from "../domain/support.js";
import { workRig } from "./rig.js";

const broken = { code: "tests_failed", message: "3 tests fail." };

describe("a script", () => {
  it("says after how many seconds a task is over, and what it has written", async () => {
    const { backend, assign, now } = await workRig();
    backend.script({ prompt: "jump", takes: 3, output: "patched player.ts" });
    const id = await assign();
    backend.clock.advance(2_999);
    expect(now(id)).toMatchObject({ status: "running", work: "scripted" });
    backend.clock.advance(1);
    expect(now(id)).toMatchObject({
      status: "completed",
      result: { output: "patched player.ts", execution_time: 3 },
    });
  });

  it("fails a task in its own words, within the call that gave it to its agent", async () => {
    const { backend, assign, now } = await workRig();
    backend.script({ fails: broken });
    expect(now(await assign())).toMatchObject({
      status: "failed",
      message: broken.message,
      result: { error: broken },
    });
  });

  it("lets the agent be seen at work: its states, its messages and its lines spread over its time", async () => {
    const { backend, assign } = await workRig();
    backend.script({
      takes: 4,
      states: ["thinking", "coding"],
      says: ["Reading", "Writing"],
      output: ["one", "two"],
    });
    const told: unknown[] = [];
    backend.engine.log.subscribe(({ type, timestamp, data }) => {
      if (type === "agent.state_changed") told.push([timestamp.slice(17, 19), data.state]);
      if (type === "task.progress") told.push([timestamp.slice(17, 19), data.progress, data.message]);
    });
    const id = await assign();
    backend.clock.advance(2_000);
    expect(backend.engine.tasks.output(all, id, 0).lines.map(({ text }) => text)).toEqual(["one\n"]);
    backend.clock.advance(2_000);
    expect(told).toEqual([
      ["00", "thinking"],
      ["00", 0, "Reading"],
      ["02", "coding"],
      ["02", 0.5, "Writing"],
      ["04", "idle"],
    ]);
    expect(backend.engine.tasks.get(all, id).result?.output).toBe("one\ntwo\n");
  });

  it("asks the player, and the answer chooses what follows", async () => {
    const { backend, assign, now, answer, agent } = await workRig();
    backend.script({
      asks: {
        kind: "permission",
        text: "May I write player.ts?",
        options: ["allow", "deny"],
        answers: { deny: { fails: broken } },
      },
      takes: 2,
      output: "patched",
    });
    const [allowed, denied] = [await assign(), await assign()];
    expect(now(allowed).question).toMatchObject({ kind: "permission", text: "May I write player.ts?" });
    expect(backend.engine.agents.get(all, agent.id).state).toBe("waiting");
    answer(allowed, { choice: "allow" });
    backend.clock.advance(2_000);
    expect(now(allowed)).toMatchObject({ status: "completed", result: { output: "patched" } });
    answer(denied, { choice: "deny" });
    backend.clock.advance(2_000);
    expect(now(denied)).toMatchObject({ status: "failed", result: { error: broken } });
  });

  it("asks one question after the other, also what follows from an answer, before it goes on", async () => {
    const { backend, assign, now, answer } = await workRig();
    const colour = { text: "Red or blue?", options: ["red", "blue"] };
    const shade = { text: "Which red?", unanswered: { output: "any red" } };
    backend.script({
      asks: [{ ...colour, answers: { red: { asks: shade } } }, { text: "And why?" }],
      output: "done",
    });
    const id = await assign();
    answer(id, { choice: "red" });
    expect(now(id).question).toMatchObject({ kind: "text", text: "Which red?" });
    backend.clock.advance(300_000);
    expect(now(id).question).toMatchObject({ text: "And why?" });
    answer(id, { text: "It is warm." });
    expect(now(id)).toMatchObject({ status: "completed", result: { output: "any red" } });
  });

  it("shows a diff, whose files are counted, and tells of conflicts when it is accepted", async () => {
    const { backend, assign, now } = await workRig();
    const diff = "--- a/player.ts\n+++ b/player.ts\n@@ -1,2 +1,3 @@\n jump()\n-- one\n+++ two\n+three\n";
    backend.script({ times: 1, changes: { diff, conflicts: ["player.ts"] } });
    backend.script({ changes: { files: ["menu.ts", { path: "new.ts", status: "added", insertions: 9 }] } });
    const [first, second] = [await assign(), await assign()];
    expect(now(first).changes).toEqual({
      branch: `agentvm/${first}`,
      base: "main",
      commit: null,
      files: [{ path: "player.ts", status: "modified", insertions: 2, deletions: 1 }],
      insertions: 2,
      deletions: 1,
      review: "open",
    });
    expect(backend.engine.tasks.diff(all, first)).toBe(diff);
    const accept = (id: string) => backend.engine.tasks.review(all, id, { verdict: "accept" });
    expect(() => accept(first)).toThrow(expect.objectContaining({ code: "merge_conflict" }));
    expect(now(first).changes?.review).toBe("open");
    expect(accept(second)).toMatchObject({ review: "accepted", insertions: 9 });
  });

  it("goes on from a snapshot, also in a backend that has no script", async () => {
    const first = await workRig({ scripts: [{ takes: 3, output: "patched", asks: { text: "Why?" } }] });
    const id = await first.assign();
    first.answer(id, { text: "So." });
    first.backend.clock.advance(1_000);
    const backend = createMockBackend({ clock: "manual", snapshot: first.backend.snapshot() });
    onTestFinished(() => backend.close());
    backend.clock.advance(2_000);
    expect(backend.engine.tasks.get(all, id)).toMatchObject({
      status: "completed",
      result: { output: "patched", execution_time: 3 },
    });
  });

  it("refuses a snapshot in which what it kept is damaged", async () => {
    const first = await workRig({ scripts: [{ takes: 3 }] });
    await first.assign();
    const snapshot = first.backend.snapshot();
    const world = {
      ...snapshot.world,
      work: snapshot.world.work.map((one) => ({ ...one, kept: { does: { takes: -1 } } })),
    };
    expect(() => createMockBackend({ snapshot: { ...snapshot, world } })).toThrow("takes");
  });

  it("gives the same events again from the same seed and calls", async () => {
    const play = async () => {
      const { backend, assign } = await workRig({
        scripts: [
          { times: 1, takes: 2 },
          { prompt: /mend/, fails: broken },
        ],
      });
      await assign();
      await assign("mend it");
      await assign();
      backend.clock.advance(60_000);
      const events = backend.engine.log.after(all, 0);
      backend.close();
      return events;
    };
    expect(await play()).toEqual(await play());
  });
});

describe("which script a task goes by", () => {
  const named = (name: string, more: Script = {}): Script => ({ name, output: name, ...more });

  it("is the first one that fits and is not used up", async () => {
    const { backend, assign, now } = await workRig();
    backend.script(named("first", { times: 2 }));
    backend.script(named("second"));
    const ids = [await assign(), await assign(), await assign()];
    expect(ids.map((id) => now(id).result?.output)).toEqual(["first", "first", "second"]);
  });

  it.each<[string, Script]>([
    ["a text of the prompt", { prompt: "the jump" }],
    ["a pattern", { prompt: /fix|mend/i }],
    ["a pattern that would remember where it matched", { prompt: /jump/gy }],
    ["the agent's type", { agent_type: "aider" }],
    ["the agent's name", { agent: "Aider" }],
    ["the kind of the task", { task_type: "general" }],
  ])("can be said by %s", async (_how, fits) => {
    const { backend, agent, assign, now } = await workRig();
    backend.script(named("it", fits.agent === undefined ? fits : { agent: agent.name }));
    backend.script(named("another"));
    const prompt = fits.prompt instanceof RegExp && fits.prompt.sticky ? "jump" : undefined;
    expect(now(await assign(prompt)).result?.output).toBe("it");
    expect(now(await assign(prompt)).result?.output).toBe("it");
  });

  it("is told, and for one that is not used, why not", async () => {
    const { backend, assign } = await workRig();
    backend.script({ prompt: "door", times: 1 });
    backend.script({ name: "claude's", agent_type: "claude" });
    backend.script({});
    const id = await assign();
    expect(backend.scripts()).toEqual([
      {
        id: "script_1",
        script: { prompt: "door", times: 1 },
        name: "script 1",
        uses: 0,
        times: 1,
        tasks: [],
        missed: { task_id: id, why: 'The prompt has nothing of "door" in it.' },
      },
      {
        id: "script_2",
        script: { name: "claude's", agent_type: "claude" },
        name: "claude's",
        uses: 0,
        times: null,
        tasks: [],
        missed: { task_id: id, why: "It is for agents of the type 'claude', and this one is 'aider'." },
      },
      { id: "script_3", script: {}, name: "script 3", uses: 1, times: null, tasks: [id], missed: null },
    ]);
  });

  it("is none once it was undone, for tasks that wait too; and one that has begun goes on", async () => {
    const { backend, assign, now } = await workRig();
    const undo = backend.script({ takes: 5 });
    const [first, second] = [await assign(), await assign()];
    expect(now(second)).toMatchObject({ status: "assigned", work: "scripted" });
    undo();
    undo();
    expect(backend.scripts()).toEqual([]);
    backend.clock.advance(5_000);
    expect(now(first)).toMatchObject({ status: "completed", work: "scripted" });
    expect(now(second)).toMatchObject({ status: "running", work: "simulated" });
  });

  it("can be taken away by its id, whoever gave it", async () => {
    const { backend, assign, now } = await workRig({ scripts: [{ output: "first" }] });
    const undo = backend.script({ output: "second" });
    expect(backend.removeScript("script_1")).toBe(true);
    expect(backend.removeScript("script_1")).toBe(false);
    expect(now(await assign()).result?.output).toBe("second");
    backend.script({ output: "third" });
    expect(backend.scripts().map(({ id }) => id)).toEqual(["script_2", "script_3"]);
    undo();
    undo();
    expect(backend.scripts().map(({ id }) => id)).toEqual(["script_3"]);
  });

  it("lasts to the end of a block that has it with using", async () => {
    const { backend } = await workRig();
    {
      using _script = backend.script({ takes: 1 });
      expect(backend.scripts()).toHaveLength(1);
    }
    expect(backend.scripts()).toHaveLength(0);
  });

  it("is for another task when the one that it waited for was cancelled", async () => {
    const { backend, assign, now } = await workRig();
    backend.script({ prompt: "jump", takes: 1 });
    const busy = await assign();
    backend.script({ prompt: "door", times: 1, output: "opened" });
    const cancelled = await assign("the door");
    backend.engine.tasks.cancel(all, cancelled, null);
    const other = await assign("the door");
    backend.clock.advance(1_000);
    expect(now(busy).status).toBe("completed");
    expect(now(other).result?.output).toBe("opened");
  });

  it("is chosen anew for a task that gets its agent later", async () => {
    const { backend, now } = await workRig();
    const { engine } = backend;
    for (const { id } of engine.agents.list(all, {}).items) engine.agents.remove(all, id);
    backend.script({ agent_type: "claude", output: "claude's", times: 1 });
    backend.script({ output: "anybody's", times: 1 });
    const { id } = engine.tasks.assign(all, work());
    expect(now(id)).toMatchObject({ status: "pending", work: "scripted" });
    engine.agents.create(all, { agent_type: "claude" });
    expect(now(id).result?.output).toBe("claude's");
    expect(backend.scripts().map(({ uses }) => uses)).toEqual([1, 0]);
  });

  it("begins anew with the backend, and leaves to the simulation what nothing fits", async () => {
    const { backend, agent, assign, now } = await workRig({ scripts: [{ times: 1, output: "scripted" }] });
    expect(now(await assign()).work).toBe("scripted");
    expect(now(await assign()).work).toBe("simulated");
    backend.restart();
    expect(backend.scripts()).toMatchObject([{ uses: 0 }]);
    backend.engine.agents.create(all, { agent_type: agent.type });
    expect(now(backend.engine.tasks.assign(all, work()).id).work).toBe("scripted");
  });

  it("may be one that is done at once for thousands of tasks that wait", async () => {
    const { backend, agent, now, assign } = await workRig({ limits: { max_agents: 1 } });
    const undo = backend.script({ takes: 1 });
    const busy = await assign();
    const ids = Array.from(
      { length: 3_000 },
      () => backend.engine.tasks.assign(all, work({ agent_id: agent.id })).id,
    );
    undo();
    backend.script({});
    backend.clock.advance(1_000);
    expect(now(busy).status).toBe("completed");
    expect(ids.map((id) => now(id).status)).toEqual(ids.map(() => "completed"));
  });
});

describe("a script that is wrong", () => {
  const deep: Record<string, unknown> = { text: "Again?" };
  deep["answers"] = { yes: { asks: deep } };
  it.each<[string, object, string]>([
    ["has an unknown field", { takse: 3 }, "script 1.takse is not a known field"],
    ["takes less than nothing", { takes: -1 }, "script 1.takes must be at least 0"],
    ["is for no task at all", { times: 0 }, "script 1.times must be at least 1"],
    ["fits a text of nothing", { prompt: "" }, "script 1.prompt must be at least 1 character long"],
    ["has a state that is none", { states: ["idle"] }, "script 1.states.0 must be"],
    ["has no states", { states: [] }, "script 1.states must have at least 1 item"],
    ["asks nothing", { asks: {} }, "script 1.asks.0.text must be a string"],
    [
      "says what follows wrongly",
      { asks: { text: "?", answers: { a: { takes: "3" } } } },
      "script 1.asks.0.answers.a.takes must be a number",
    ],
    ["fails without words", { fails: { code: "x" } }, "script 1.fails.message must be a string"],
    ["holds itself", { asks: deep }, "asks is not a known field"],
    [
      "has a pattern that could run for ever",
      { prompt: /(a+)+$/ },
      "script 1.prompt is a pattern that some text could keep busy for ever: it repeats a group",
    ],
  ])(
    "and %s is refused with the field, and is none of those that there are",
    async (_what, script, message) => {
      const { backend } = await workRig();
      expect(() => backend.script(script)).toThrow(TypeError);
      expect(() => backend.script(script)).toThrow(message.replace("script 1.", ""));
      expect(backend.scripts()).toEqual([]);
      expect(() => createMockBackend({ scripts: [script] })).toThrow(message);
    },
  );

  it("is refused where it is no object", async () => {
    expect(() => createMockBackend({ scripts: JSON.parse("[3]") })).toThrow("script 1 must be an object");
  });
});
