import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AgentError } from "../../../server/src/agent-error.js";
import type { AgentResult } from "../../../server/src/adapters/adapter.js";
import { Conversations } from "../../../server/src/worker/conversations.js";
import { all } from "../../domain/support.js";
import { agentRig, CHANGES } from "./agent-rig.js";

const done = (summary = "Done."): AgentResult => ({ success: true, summary });

/** Something that the agent of a test waits for. */
function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe("a task that a command-line agent does", () => {
  it("shows what the agent does, and tells what it has said and changed", async () => {
    const step = gate();
    const rig = agentRig(
      async ({ tell }) => {
        tell({ kind: "session", session: "s-1", model: "m" });
        tell({ kind: "message", text: "I look at it.", of: null });
        tell({
          kind: "tool",
          tool_id: "t1",
          tool: "edit",
          title: "Edit player.ts",
          status: "running",
          of: null,
        });
        await step.opened;
        tell({
          kind: "tool",
          tool_id: "t1",
          tool: "edit",
          title: "Edit player.ts",
          status: "done",
          of: null,
        });
        tell({ kind: "usage", input_tokens: 10, output_tokens: 5, cost_usd: 0.01, model: "m" });
        return done();
      },
      { changes: CHANGES },
    );
    const id = rig.assign();
    await rig.settled();
    rig.backend.clock.advance(600);
    expect(rig.agentNow().state).toBe("coding");
    expect(rig.now(id)).toMatchObject({ status: "running", message: "Edit player.ts" });
    step.open();
    await rig.settled();
    expect(rig.now(id)).toMatchObject({
      status: "completed",
      result: { output: "I look at it.\n" },
      usage: { input_tokens: 10, output_tokens: 5, cost_usd: 0.01, model: "m" },
      changes: { branch: CHANGES.branch, commit: CHANGES.commit, files: CHANGES.files, review: "open" },
    });
    expect(rig.done).toEqual([`Ada commits: Fix the jump\n\nDone by stand-in for the task ${id}.\n`]);
  });

  it("is seen as the agent says itself, and has an answer where its output is one", async () => {
    const step = gate();
    const rig = agentRig(async ({ tell }) => {
      tell({ kind: "state", state: "speaking", of: null });
      tell({ kind: "progress", share: 0.25, message: "A quarter" });
      tell({ kind: "output", stream: "stdout", text: "It is 42.", isSaid: true });
      await step.opened;
      return done("A quarter");
    });
    const id = rig.assign();
    await rig.settled();
    rig.backend.clock.advance(600);
    expect(rig.agentNow().state).toBe("speaking");
    expect(rig.now(id)).toMatchObject({ progress: 0.25, message: "A quarter" });
    step.open();
    await rig.settled();
    expect(rig.now(id)).toMatchObject({ status: "completed", result: { output: "It is 42.\n" } });
  });

  it("waits for the player where the agent asks, and hears what was said", async () => {
    const heard: unknown[] = [];
    const rig = agentRig(async ({ permit, ask }) => {
      heard.push(
        await permit({
          kind: "permission",
          tool: "execute",
          tool_name: "Bash",
          title: "npm test",
          paths: [],
          command: "npm test",
          diff: null,
        }),
        await ask({ kind: "question", text: "High or low?", options: [{ id: "high", label: "High" }] }),
      );
      return done();
    });
    const id = rig.assign();
    await rig.settled();
    expect(rig.agentNow().state).toBe("waiting");
    expect(rig.now(id).question).toMatchObject({
      kind: "permission",
      text: "May I run this command? npm test",
      about: { tool: "execute", title: "npm test", command: "npm test" },
    });
    rig.answer(id, { choice: "once" });
    await rig.settled();
    rig.answer(id, { choice: "high" });
    await rig.settled();
    expect(heard).toEqual([{ verdict: "once", reason: null }, { choice: "high" }]);
    expect(rig.now(id).status).toBe("completed");
  });

  it("asks one question after the other where its helpers ask at once, and denies what nobody answers", async () => {
    const heard: unknown[] = [];
    const edit = (path: string) => ({
      kind: "permission" as const,
      tool: "edit" as const,
      tool_name: "Edit",
      title: `Edit ${path}`,
      paths: [path],
      command: null,
      diff: null,
    });
    const rig = agentRig(async ({ permit }) => {
      heard.push(...(await Promise.all([permit(edit("a.ts")), permit(edit("b.ts"))])));
      return done();
    });
    const id = rig.assign();
    await rig.settled();
    rig.answer(id, { choice: "once" });
    await rig.settled();
    expect(rig.now(id).question?.text).toBe("May I change b.ts?");
    rig.backend.clock.advance(60_000);
    await rig.settled();
    expect(heard).toMatchObject([{ verdict: "once" }, { verdict: "no" }]);
  });

  it("takes back a question that was settled elsewhere", async () => {
    const step = gate();
    const heard: unknown[] = [];
    const rig = agentRig(async ({ ask, withdraw }) => {
      const asked = ask({ kind: "question", text: "High or low?", options: [] });
      await step.opened;
      withdraw();
      heard.push(await asked);
      return done();
    });
    const id = rig.assign();
    await rig.settled();
    expect(rig.agentNow().state).toBe("waiting");
    step.open();
    await rig.settled();
    expect(heard).toEqual([null]);
    expect(rig.now(id)).toMatchObject({ status: "completed", question: null });
  });

  it("shows helpers as agents of their own, who go when they are done", async () => {
    const step = gate();
    const rig = agentRig(async ({ tell }) => {
      tell({ kind: "helper", helper: "h1", name: "Tester" });
      tell({ kind: "tool", tool_id: "t", tool: "execute", title: "npm test", status: "running", of: "h1" });
      await step.opened;
      tell({ kind: "helper_gone", helper: "h1" });
      await new Promise((resolve) => void setImmediate(resolve));
      return done();
    });
    const id = rig.assign();
    await rig.settled();
    rig.backend.clock.advance(600);
    expect(rig.helpers()).toMatchObject([{ name: "Tester", state: "coding" }]);
    step.open();
    await rig.settled();
    expect(rig.helpers()).toEqual([]);
    expect(rig.now(id).status).toBe("completed");
  });

  it("goes as far as the agent's own plan", async () => {
    const step = gate();
    const rig = agentRig(async ({ tell }) => {
      tell({
        kind: "plan",
        entries: [
          { text: "Read", status: "done" },
          { text: "Mend the jump", status: "running" },
          { text: "Test", status: "pending" },
          { text: "Tell", status: "pending" },
        ],
      });
      await step.opened;
      return done();
    });
    const id = rig.assign();
    await rig.settled();
    expect(rig.now(id)).toMatchObject({ progress: 0.25, message: "Mend the jump" });
    step.open();
  });

  it("goes on with the conversation of the task that it continues, also after a restart", async () => {
    const rig = agentRig(async ({ tell, session }) => {
      tell({ kind: "session", session: session ?? "s-1", model: null });
      return done();
    });
    const first = rig.assign();
    await rig.settled();
    const second = rig.assign("And the double jump?", first);
    await rig.settled();
    expect(rig.runs.map(({ session }) => session)).toEqual([null, "s-1"]);
    const anew = new Conversations(join(rig.folder, "state/conversations.json"));
    expect(anew.of(second, "stand-in")).toBe("s-1");
    expect(anew.of(second, "claude")).toBeNull();
  });

  it("begins a new conversation where what was remembered cannot be read", () => {
    const rig = agentRig(async () => done());
    rig.conversations.keep("task_1", "claude", "s-1");
    const file = join(rig.folder, "state/conversations.json");
    writeFileSync(file, readFileSync(file, "utf8").slice(0, 20));
    expect(new Conversations(file).of("task_1", "claude")).toBeNull();
  });

  it("fails with the agent's own reason, and its changes can be looked at all the same", async () => {
    const rig = agentRig(
      async () => ({ success: false, code: "overloaded", message: "The model is overloaded." }),
      {
        changes: CHANGES,
      },
    );
    const id = rig.assign();
    await rig.settled();
    expect(rig.now(id)).toMatchObject({
      status: "failed",
      result: { error: { code: "overloaded", message: "The model is overloaded." } },
      changes: { review: "open" },
    });
  });

  it("fails where the agent ends without a word and without a change", async () => {
    const rig = agentRig(async () => done(""));
    const id = rig.assign();
    await rig.settled();
    expect(rig.now(id).result?.error).toMatchObject({ code: "nothing_done" });
    expect(rig.done.at(-1)).toBe("removed");
  });

  it("is done where the agent has only said something", async () => {
    const rig = agentRig(async () => done("The jump is in player.ts."));
    const id = rig.assign("Where is the jump?");
    await rig.settled();
    expect(rig.now(id)).toMatchObject({
      status: "completed",
      changes: null,
      result: { output: "The jump is in player.ts.\n" },
    });
  });

  it("keeps what was done on its branch when it is cancelled", async () => {
    const rig = agentRig(
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
        }),
      { changes: CHANGES },
    );
    const id = rig.assign();
    await rig.settled();
    rig.backend.engine.tasks.cancel(all, id, "");
    await rig.settled();
    expect(rig.now(id)).toMatchObject({ status: "cancelled", changes: null });
    expect(rig.done).toHaveLength(1);
  });

  it("tells no secret of its prompt in the commit of a task that was cancelled", async () => {
    const rig = agentRig(
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
        }),
      { changes: CHANGES, redact: (text) => text.replaceAll("sk-planted", "[redacted]") },
    );
    const id = rig.assign("Use sk-planted");
    await rig.settled();
    rig.backend.engine.tasks.cancel(all, id, "");
    await rig.settled();
    expect(rig.done).toEqual([expect.stringContaining("Use [redacted]")]);
  });

  it("tells no secret in what the agent wants to know, nor in the ways to answer it", async () => {
    const rig = agentRig(
      async ({ ask }) => {
        await ask({
          kind: "question",
          text: "Which of sk-planted?",
          options: [{ id: "a", label: "sk-planted", hint: "as in sk-planted" }],
          about: { tool: "x", title: "sk-planted", path: "sk-planted" },
        });
        return done();
      },
      { redact: (text) => text.replaceAll("sk-planted", "[redacted]") },
    );
    const id = rig.assign();
    await rig.settled();
    expect(rig.now(id).question).toMatchObject({ text: "Which of [redacted]?", options: [{ id: "a" }] });
    expect(JSON.stringify(rig.now(id).question)).not.toContain("sk-planted");
  });

  it("fails in words, with what to do, where there is no place to work in", async () => {
    const gone = new AgentError("The repository /game is not there any more.", {
      code: "no_repository",
      remediation: "Put it back, or start the worker elsewhere.",
    });
    const rig = agentRig(async () => done(), {
      workspace: {
        root: "/game",
        base: "main",
        open: async () => Promise.reject(gone),
        review: async () => [],
        settle: async () => undefined,
        close: async () => undefined,
      },
    });
    const id = rig.assign();
    await rig.settled();
    expect(rig.now(id).result?.error).toEqual({
      code: "no_repository",
      message: "The repository /game is not there any more. Put it back, or start the worker elsewhere.",
    });
  });

  it("tells no secret in what is said, asked, used as a title, shown as a diff or failed with", async () => {
    const secret = "sk-planted-0123456789";
    const rig = agentRig(
      async ({ tell, permit }) => {
        tell({ kind: "message", text: `The key is ${secret}`, of: null });
        tell({
          kind: "tool",
          tool_id: "t",
          tool: "execute",
          title: `echo ${secret}`,
          status: "failed",
          of: null,
        });
        tell({ kind: "helper", helper: "h", name: secret });
        tell({ kind: "retry", message: secret });
        await permit({
          kind: "permission",
          tool: "execute",
          tool_name: "Bash",
          title: secret,
          paths: [],
          command: `curl -H ${secret}`,
          diff: secret,
        });
        return { success: false, code: "crashed", message: `401 for ${secret}` };
      },
      {
        changes: { ...CHANGES, diff: `+${secret}\n` },
        redact: (text) => text.replaceAll(secret, "[redacted]"),
      },
    );
    const id = rig.assign(`Use ${secret}`);
    await rig.settled();
    const question = JSON.stringify(rig.now(id).question);
    rig.answer(id, { choice: "no" });
    await rig.settled();
    const { prompt: _prompt, ...told } = rig.now(id);
    const agents = JSON.stringify(rig.backend.engine.agents.list(all, {}).items);
    expect([question, JSON.stringify(told), agents, ...rig.done].join("\n")).not.toContain(secret);
    expect(question).toContain("[redacted]");
  });
});
