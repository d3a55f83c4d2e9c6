import { afterEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";
import { ConflictError, InvalidRequestError, NotFoundError } from "../../src/index.js";
import type { AgentVMOptions, Question, TaskHandle } from "../../src/index.js";
import { cuedChanges, cuedDiff, cuedWork } from "../work/cued-work.js";
import { inTime, rejectionOf } from "./time.js";
import { waysToBackend } from "./transports.js";
import type { AnyAgentVM } from "./transports.js";

describe.each(waysToBackend)("a task that asks, of an AgentVM %s", (_name, make) => {
  const open: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });

  /** A client of a game in which work is cued; with `live` over an event stream. */
  const playing = async (how: { readonly live: boolean } = { live: false }, options: AgentVMOptions = {}) => {
    const backend: MockBackend = createMockBackend({ seed: 5, clock: "manual", parts: { work: cuedWork } });
    open.push(() => backend.close());
    const { clock } = backend;
    const stream = how.live ? { WebSocket: backend.WebSocket } : {};
    const agentvm: AnyAgentVM = make({ ...backend.connection(), clock, ...stream, ...options });
    open.push(() => agentvm.close());
    await inTime(clock, agentvm.connect());
    const assign = async (task_type: string, prompt = "The jump"): Promise<TaskHandle> => {
      const { id: agent_id } = await agentvm.agents.create("custom");
      return agentvm.tasks.assign({ agent_id, prompt, task_type });
    };
    return { backend, clock, agentvm, assign };
  };

  it.each([{ live: false }, { live: true }])(
    "tells each question once, and goes on with its answer: %j",
    async (how) => {
      const { clock, assign } = await playing(how);
      const task = await assign("asking");
      const asked: Question[] = [];
      const answering = (async () => {
        for await (const question of task.questions()) {
          asked.push(question);
          await task.answer({ choice: question.options[1]?.id });
        }
      })();
      await inTime(clock, answering, 250);
      expect(asked).toMatchObject([{ kind: "choice", text: "Red or blue?" }]);
      expect((await task.result()).output).toBe("blue by player\n");
    },
  );

  it("ends its questions where nobody answers, with the task", async () => {
    const { clock, assign } = await playing();
    const task = await assign("asking");
    const asked: string[] = [];
    const all = (async () => {
      for await (const { question_id } of task.questions()) asked.push(question_id);
    })();
    await inTime(clock, all, 500);
    expect(asked).toHaveLength(1);
    expect((await task.result()).output).toBe("nothing by time\n");
  });

  it("takes words, by the question's id too", async () => {
    const { agentvm, assign } = await playing();
    const task = await assign("wording");
    const { question } = await agentvm.tasks.get(task.id);
    await task.answer({ question_id: question?.question_id, text: "The double jump" });
    expect((await task.result()).output).toBe("The double jump by player\n");
  });

  it("tells who comes second that another player's answer counts, and which it was", async () => {
    const { backend, agentvm, assign, clock } = await playing();
    const other = make({ ...backend.connection(), clock });
    open.push(() => other.close());
    const task = await assign("asking");
    const question_id = (await agentvm.tasks.get(task.id)).question?.question_id;
    await other.tasks.answer(task.id, { question_id, choice: "red" });
    const error = await rejectionOf(task.answer({ question_id, choice: "blue" }));
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toMatchObject({ code: "no_such_question", status: 409, outcome: "rejected" });
    expect(String(error)).toContain("the first answer counts: 'red'");
    expect((await task.result()).output).toBe("red by player\n");
  });

  it("that asks nothing cannot be answered, and nothing is sent", async () => {
    const { assign } = await playing();
    const task = await assign("changing");
    expect(await rejectionOf(task.answer({ choice: "red" }))).toMatchObject({
      name: "ConflictError",
      code: "no_such_question",
      outcome: "not_sent",
    });
  });

  it("refuses an answer that is none, and waits on", async () => {
    const { agentvm, assign } = await playing();
    const task = await assign("asking");
    for (const answer of [
      { choice: "green" },
      { text: "red" },
      {},
      { choice: "red", text: "x".repeat(4_001) },
    ]) {
      expect(await rejectionOf(task.answer(answer))).toBeInstanceOf(InvalidRequestError);
    }
    expect((await agentvm.tasks.get(task.id)).question).not.toBeNull();
  });

  it("is of an agent that is seen waiting, and heard of", async () => {
    const { agentvm, assign, clock } = await playing({ live: true });
    const heard: string[] = [];
    agentvm.on("task.question", ({ data }) => heard.push(`asked ${data.question.text}`));
    agentvm.on("task.answered", ({ data }) => heard.push(`${String(data.choice)} by ${data.by}`));
    agentvm.on("task.reviewed", ({ data }) => heard.push(data.changes.review));
    const live = agentvm.agents.live();
    await inTime(clock, live.ready, 50);
    const task = await assign("asking");
    clock.advance(1_000);
    await inTime(clock, task.questions().next(), 50);
    expect([...live].map(({ state }) => state)).toEqual(["waiting"]);
    await inTime(clock, task.answer({ choice: "red" }), 50);
    await inTime(clock, task.result(), 50);
    expect([...live].map(({ state }) => state)).toEqual(["idle"]);
    const changed = await assign("changing");
    await inTime(clock, changed.accept(), 50);
    clock.advance(1_000);
    expect(heard).toEqual(["asked Red or blue?", "red by player", "accepted"]);
    live.close();
  });

  it("that has changed something can be read, accepted and discarded", async () => {
    const { assign } = await playing();
    const [kept, dropped] = [await assign("changing"), await assign("changing")];
    expect((await kept.result()).changes).toEqual({ ...cuedChanges, review: "open" });
    expect(await kept.diff()).toBe(cuedDiff);
    expect(await kept.accept()).toMatchObject({ review: "accepted" });
    expect(await dropped.discard("Too much of it")).toMatchObject({ review: "discarded" });
    expect(await rejectionOf(dropped.accept())).toMatchObject({ code: "already_reviewed", status: 409 });
  });

  it("names the files of a conflict, and can be discarded after it", async () => {
    const { assign } = await playing();
    const task = await assign("changing", "In conflict");
    expect(await rejectionOf(task.accept())).toMatchObject({
      name: "ConflictError",
      code: "merge_conflict",
      detail: [{ loc: ["changes", "files", "player.ts"] }],
    });
    expect(await task.discard()).toMatchObject({ review: "discarded" });
  });

  it("that has changed nothing says so", async () => {
    const { assign } = await playing();
    const task = await assign("asking");
    for (const call of [task.diff(), task.accept(), task.discard()]) {
      const error = await rejectionOf(call);
      expect(error).toBeInstanceOf(NotFoundError);
      expect(error).toMatchObject({ code: "no_changes" });
    }
  });

  it("is gone on with by the agent that had it", async () => {
    const { agentvm, assign } = await playing();
    const first = await assign("changing");
    await agentvm.agents.create("custom");
    const { id } = await agentvm.tasks.assign({ continues: first.id, prompt: "And the double jump?" });
    const { agent_id } = await agentvm.tasks.get(first.id);
    expect(await agentvm.tasks.get(id)).toMatchObject({ agent_id, continues: first.id });
  });

  it("has helpers that come and leave with it", async () => {
    const { agentvm, assign, clock } = await playing({ live: true });
    const live = agentvm.agents.live();
    await inTime(clock, live.ready, 50);
    const task = await assign("helped");
    const { agent_id } = await agentvm.tasks.get(task.id);
    const helpers = async () =>
      (await agentvm.agents.list()).filter(({ parent_agent_id }) => parent_agent_id);
    expect(await helpers()).toMatchObject([
      { name: "Explorer", parent_agent_id: agent_id, state: "thinking" },
    ]);
    clock.advance(1_000);
    expect([...live]).toHaveLength(2);
    await inTime(clock, task.cancel(), 50);
    expect(await helpers()).toEqual([]);
    clock.advance(1_000);
    expect([...live]).toHaveLength(1);
    live.close();
  });
});
