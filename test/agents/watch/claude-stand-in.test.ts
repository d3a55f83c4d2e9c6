/** What sessions of claude may do and cannot be brought to do by a model: a stand-in says what their hooks would, on the real socket. */
import { describe, expect, it } from "vitest";
import { prompt, watchedProject } from "./hooks-speaker.js";

const TOOL = { tool_use_id: "t1", tool_name: "Bash", tool_input: { command: "npm test" } };
const PRE = { hook_event_name: "PreToolUse", ...TOOL };
const POST = { hook_event_name: "PostToolUse", ...TOOL };
const PERMISSION = { hook_event_name: "PermissionRequest", ...TOOL };
const STOP = { hook_event_name: "Stop", last_assistant_message: "Done." };
const END = { hook_event_name: "SessionEnd" };

describe("agentvm watch, at a stand-in for claude", () => {
  it(
    "follows ten thousand events as fast as they come, and is there for the next one",
    { timeout: 60_000 },
    async () => {
      const { say, heard, agentvm, settled } = await watchedProject();
      await say(prompt("Work hard"));
      const path = (at: number) => ({ file_path: `file-${at % 7}.ts` });
      for (let at = 0; at < 10_000; at += 50)
        await Promise.all(
          Array.from({ length: 50 }, (_, place) =>
            say({
              hook_event_name: place % 2 === 0 ? "PreToolUse" : "PostToolUse",
              ...{ tool_use_id: `t${at + place - (place % 2)}`, tool_name: "Edit", tool_input: path(at) },
            }),
          ),
        );
      await say(STOP);
      const done = await heard(({ type }) => type === "task.completed");
      // Where more is told than can be passed on, it says so in between.
      expect(done.data).toMatchObject({ result: { output: expect.stringMatching(/Done\.\n$/) } });
      await settled();
      expect((await agentvm.agents.list()).map(({ name, state }) => [name, state])).toEqual([
        ["my game", "idle"],
        ["last", "thinking"],
      ]);
    },
  );

  it("asks for no more at one time than anybody answers, however much waits", async () => {
    const { say, heard, agentvm, kept } = await watchedProject();
    await say(prompt("Run all"));
    const command = (at: number) => ({ tool_name: "Bash", tool_input: { command: `run ${at}` } });
    for (let at = 0; at < 60; at += 1) await say({ hook_event_name: "PermissionRequest", ...command(at) });
    expect(kept()).toMatchObject([{ waiting: { length: 20 } }]);
    await say(STOP);
    await heard(({ type }) => type === "task.completed");
    expect((await agentvm.tasks.list()).map(({ question }) => question)).toEqual([null]);
  });

  it("skips events that it does not know, and what is none", async () => {
    const { say, send, heard } = await watchedProject();
    for (const text of ["", "oops", "[]", "{}", '{"event":{},"pid":0,"at":0}', `"${"x".repeat(2_000_000)}"`])
      await send(text);
    await say({ hook_event_name: "Tomorrow", tool_input: { deep: [[[[1]]]] } });
    await say({ hook_event_name: "PreToolUse", tool_name: "Bash" });
    await say({ hook_event_name: "SubagentStart" });
    await say(prompt("Fix it"));
    await say(STOP);
    const done = await heard(({ type }) => type === "task.completed");
    expect(done.data).toMatchObject({ result: { output: "Done.\n" } });
  });

  it("shows a session of which it hears in the middle, and begins nothing where one only ends", async () => {
    const { say, heard, agentvm, settled } = await watchedProject();
    await say({ ...STOP, session_id: "ends" });
    await say({ ...END, session_id: "gone" });
    await say({ hook_event_name: "SubagentStop", agent_id: "a", session_id: "ends" });
    await say({ ...PRE, session_id: "middle" });
    await heard(({ type }) => type === "task.assigned");
    await say({ ...POST, session_id: "middle" });
    await say({ ...STOP, session_id: "middle" });
    await heard(({ type }) => type === "task.completed");
    await settled();
    expect((await agentvm.tasks.list()).map((task) => task.prompt)).toEqual([
      "Something that was begun before it was watched.",
      "Last",
    ]);
  });

  const turn = { prompt: prompt("Fix it"), PRE, PERMISSION, POST, STOP, END };
  it.each([
    ["POST PRE PERMISSION prompt STOP END"],
    ["PRE PERMISSION POST STOP prompt END"],
    ["STOP POST PERMISSION PRE prompt END"],
    ["END STOP POST PERMISSION PRE prompt"],
    ["prompt PERMISSION PRE END POST STOP"],
  ])("leaves nothing behind where hooks speak in another order: %s", async (order) => {
    const { say, agentvm, settled } = await watchedProject();
    const names = ["prompt", "PRE", "PERMISSION", "POST", "STOP", "END"] as const;
    for (const name of order.split(" ")) {
      const place = names.findIndex((one) => one === name);
      const [event] = names.flatMap((one) => (one === name ? [turn[one]] : []));
      if (event) await say(event, { ago: (names.length - place) * 5_000 });
    }
    await settled();
    expect((await agentvm.agents.list()).map(({ name }) => name)).toEqual(["last"]);
    const open = (await agentvm.tasks.list()).filter(({ completed_at }) => completed_at === null);
    expect(open.map((task) => [task.prompt, task.question])).toEqual([["Last", null]]);
  });

  it("does not begin what has ended, where its beginning comes behind its end", async () => {
    const { say, agentvm, settled } = await watchedProject();
    await say({ hook_event_name: "SessionStart" }, { ago: 9_000 });
    await say(STOP, { ago: 1_000 });
    await say(prompt("Fix it"), { ago: 5_000 });
    await say(POST, { ago: 2_000 });
    await settled();
    expect((await agentvm.agents.list()).map(({ name, state }) => [name, state])).toEqual([
      ["my game", "idle"],
      ["last", "thinking"],
    ]);
  });

  it("does not take a session for a new one whose transcript is written when it has ended", async () => {
    const { say, write, heard, agentvm, settled } = await watchedProject();
    await say(prompt("Fix it"));
    await say(END);
    write("s1", { type: "user", message: { role: "user", content: "Fix it" } });
    write("unhooked", { type: "user", message: { role: "user", content: "Look around" } });
    await settled();
    // All transcripts are read before the end of a turn is shown.
    await say({ ...STOP, session_id: "last" });
    await heard(({ type }) => type === "task.completed");
    await heard(({ type, data }) => type === "task.assigned" && JSON.stringify(data).includes("Look around"));
    expect((await agentvm.agents.list()).map(({ name }) => name).sort()).toEqual(["last", "my game"]);
  });

  it("takes a prompt that comes before the end of the last one for its interruption, and withdraws what waited", async () => {
    const { say, heard, agentvm, pass } = await watchedProject();
    await say(prompt("One"));
    await say(PRE);
    await say(PERMISSION);
    await heard(({ type }) => type === "task.question");
    pass(60_000);
    await say(prompt("Two"));
    const failed = await heard(({ type }) => type === "task.failed");
    expect(failed.data).toMatchObject({ error: { code: "interrupted" } });
    await heard(({ type }) => type === "task.assigned", 2);
    expect((await agentvm.tasks.list()).map((task) => [task.prompt, task.question])).toEqual([
      ["One", null],
      ["Two", null],
    ]);
    pass(60_000);
    await say(STOP);
    await heard(({ type }) => type === "task.completed");
    await say(prompt("Three"));
    await say(STOP);
    await heard(({ type }) => type === "task.completed", 2);
  });

  it("withdraws what waits in a session that ends, and has it come back when it goes on", async () => {
    const { say, heard, agentvm, pass } = await watchedProject();
    await say(prompt("Fix it"));
    await say(PERMISSION);
    await heard(({ type }) => type === "task.question");
    await say(END);
    await heard(({ type }) => type === "agent.removed");
    expect((await agentvm.tasks.list()).map((task) => [task.status, task.question])).toEqual([
      ["cancelled", null],
    ]);
    await say(POST, { ago: 10 });
    pass(5_000);
    await say({ hook_event_name: "SessionStart" });
    await say(prompt("Go on"));
    await heard(({ type }) => type === "task.assigned", 2);
    expect((await agentvm.agents.list()).map(({ name }) => name)).toEqual(["my game"]);
  });
});
