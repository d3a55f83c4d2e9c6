import { describe, expect, it } from "vitest";
import type { Ask } from "../../src/contract/index.js";
import type { Answer } from "../../mock-server/work/work.js";
import { all, crew, get, ofGame, only, rig, thrownBy, work, type RigOptions } from "../domain/support.js";
import { fakeWorker, newest } from "./fake-worker.js";

const colour: Ask = { kind: "choice", text: "Red or blue?", options: ["red", "blue"] };
const words: Ask = { kind: "text", text: "What is it called?" };

/** A task at work, coding, of a game. */
function asking(options: RigOptions = {}) {
  const answers: Answer[] = [];
  const worker = fakeWorker({
    begin(job) {
      job.start("coding");
      job.keep({ count: 1 });
    },
    answered: (_job, answer) => void answers.push(answer),
  });
  const tested = rig({ work: worker, ...options });
  tested.engine.games.connect({ game_id: "red" });
  const [agentId = ""] = crew(tested.engine, ["aider"], ofGame("red"));
  const { id: taskId } = tested.engine.tasks.assign(ofGame("red"), work());
  const job = newest(worker.jobs);
  const seen = () => tested.engine.agents.get(all, agentId).state;
  return { ...tested, worker, job, answers, agentId, taskId, seen };
}

/** The same, waiting for an answer. */
function waiting(ask: Ask = colour, options: RigOptions = {}) {
  const tested = asking(options);
  const question_id = tested.job.ask(ask) ?? "";
  const answer = (body: object, scope = ofGame("red")) =>
    tested.engine.tasks.answer(scope, tested.taskId, { question_id, ...body });
  return { ...tested, question_id, answer };
}

describe("a question", () => {
  it("is told with its task, and its agent waits", () => {
    const { events, question_id, taskId, agentId, engine, seen } = waiting();
    const question = {
      question_id,
      kind: "choice",
      text: "Red or blue?",
      options: [
        { id: "red", label: "red" },
        { id: "blue", label: "blue" },
      ],
      about: null,
      asked_at: "2026-01-01T00:00:00.000Z",
      expires_at: "2026-01-01T00:05:00.000Z",
    };
    expect(get(engine, taskId).question).toEqual(question);
    expect(only(events, "task.question").map(({ data }) => data)).toEqual([
      { task_id: taskId, agent_id: agentId, question },
    ]);
    expect(seen()).toBe("waiting");
  });

  it("that is answered is told so, and its agent goes on with what it did", () => {
    const { answer, answers, events, engine, seen, question_id, taskId, agentId } = waiting();
    expect(answer({ choice: "blue" })).toMatchObject({ id: taskId, question: null, status: "running" });
    const told = { question_id, choice: "blue", text: null, by: "player" };
    expect(answers).toEqual([told]);
    expect(only(events, "task.answered").map(({ data }) => data)).toEqual([
      { task_id: taskId, agent_id: agentId, ...told },
    ]);
    expect(seen()).toBe("coding");
    expect(engine.agents.get(all, agentId).current_task_id).toBe(taskId);
  });

  it("leaves its agent waiting whatever is reported meanwhile, which is seen after it", () => {
    const { job, answer, events, seen } = waiting();
    job.state("speaking");
    job.state("moving");
    job.progress(0.5, "Half of it");
    expect(seen()).toBe("waiting");
    answer({ choice: "red" });
    expect(seen()).toBe("moving");
    expect(only(events, "agent.state_changed").at(-1)?.data).toMatchObject({ previous_state: "waiting" });
  });

  it("that nobody answers closes at its time, and the task goes on", () => {
    const { answers, advance, engine, taskId, question_id, seen } = waiting({ ...colour, seconds: 60 });
    advance(59.9);
    expect(seen()).toBe("waiting");
    advance(0.1);
    expect(answers).toEqual([{ question_id, choice: null, text: null, by: "time" }]);
    expect(get(engine, taskId)).toMatchObject({ question: null, status: "running" });
    expect(seen()).toBe("coding");
  });

  it("that its worker withdraws is told as closed, and to the worker not again", () => {
    const { job, answers, events, seen, question_id } = waiting();
    expect(job.withdraw("question_other")).toBe(false);
    expect(job.withdraw(question_id)).toBe(true);
    expect(job.withdraw(question_id)).toBe(false);
    expect(only(events, "task.answered").map(({ data }) => [data.choice, data.by])).toEqual([
      [null, "worker"],
    ]);
    expect(answers).toEqual([]);
    expect(seen()).toBe("coding");
  });

  it.each<[string, (tested: ReturnType<typeof waiting>) => unknown]>([
    ["is cancelled", ({ engine, taskId }) => engine.tasks.cancel(all, taskId, null)],
    ["has taken too long", ({ advance }) => advance(601)],
    ["is finished by its worker", ({ job }) => job.finish(null)],
  ])("closes when its task %s", (_how, end) => {
    const tested = waiting({ ...colour, seconds: 10_000 });
    const { engine, taskId, question_id, answers, seen } = tested;
    end(tested);
    expect(get(engine, taskId).question).toBeNull();
    expect(seen()).toBe("idle");
    expect(thrownBy(() => tested.answer({ choice: "red" }))).toMatchObject({ code: "no_such_question" });
    expect(answers).toEqual([]);
    expect(engine.snapshot().agenda.jobs.filter(({ kind }) => kind === "question")).toEqual([]);
    expect(tested.job.withdraw(question_id)).toBe(false);
  });

  it("may be asked by who has just had an answer", () => {
    const asked: (string | null)[] = [];
    const worker = fakeWorker({
      begin(job) {
        job.start("thinking");
        job.ask(colour);
      },
      answered: (job, { choice }) =>
        void asked.push(job.ask({ kind: "permission", text: `Really ${choice}?` })),
    });
    const { engine } = rig({ work: worker });
    const [agentId = ""] = crew(engine, ["aider"]);
    const { id } = engine.tasks.assign(all, work());
    const question_id = get(engine, id).question?.question_id ?? "";
    engine.tasks.answer(all, id, { question_id, choice: "red" });
    expect(get(engine, id).question).toMatchObject({
      question_id: asked[0],
      text: "Really red?",
      options: [
        { id: "allow", label: "Allow" },
        { id: "deny", label: "Deny" },
      ],
    });
    expect(engine.agents.get(all, agentId).state).toBe("waiting");
  });

  it("is not taken while another one is open, and the first one stays", () => {
    const { job, engine, taskId, question_id } = waiting();
    const error = thrownBy(() => job.ask(words));
    expect(error).toMatchObject({ code: "invalid_request" });
    expect(String(error)).toContain(
      `question is a second one: '${question_id}' of the same task is open yet`,
    );
    expect(get(engine, taskId).question?.question_id).toBe(question_id);
  });

  it("is not taken of a task that is over", () => {
    const { job } = asking();
    job.finish(null);
    expect(job.ask(colour)).toBeNull();
  });

  it.each<[string, object, string]>([
    ["has no options to choose from", { kind: "choice", text: "Which?" }, "question.options"],
    ["has an option twice", { ...colour, options: ["red", "red"] }, "question.options"],
    ["has options where words are asked for", { ...words, options: ["red"] }, "question.options"],
    ["has an option that is no id", { ...colour, options: ["as red as can be"] }, "question.options.0"],
    ["says nothing", { ...words, text: " " }, "question.text"],
    ["is too long", { ...words, text: "x".repeat(4_001) }, "question.text"],
    ["is of no kind", { ...words, kind: "riddle" }, "question.kind"],
    ["is open for ever", { ...words, seconds: Infinity }, "question.seconds"],
  ])("that %s is refused with the place", (_what, question, place) => {
    const { job, seen } = asking();
    const error = thrownBy(() => Reflect.apply(job.ask, job, [question]));
    expect(error).toMatchObject({ code: "invalid_request" });
    expect(String(error)).toContain(place);
    expect(seen()).toBe("coding");
  });

  it("is refused where the game has no room for it", () => {
    const { job } = asking({ limits: { game_bytes: 8_000 } });
    const error = thrownBy(() => job.ask({ ...words, text: "x".repeat(4_000) }));
    expect(error).toMatchObject({ code: "storage_full" });
  });

  it("that is open stands in a snapshot, from which another goes on as the first would have", () => {
    const first = waiting();
    first.job.state("speaking");
    const snapshot: unknown = JSON.parse(JSON.stringify(first.engine.snapshot()));
    const answers: Answer[] = [];
    const worker = fakeWorker({ answered: (_job, answer) => void answers.push(answer) });
    const second = rig({ work: worker, snapshot });
    expect(second.engine.snapshot()).toEqual(snapshot);
    first.advance(300);
    second.advance(300);
    expect(second.engine.snapshot()).toEqual(first.engine.snapshot());
    expect(second.engine.agents.get(all, first.agentId).state).toBe("speaking");
    expect(answers).toEqual(first.answers);
  });

  it("that a snapshot says nothing else of is refused as damaged", () => {
    const { engine } = waiting();
    const saved = engine.snapshot();
    const unasked = { ...saved, world: { ...saved.world, asked: [] } };
    expect(() => rig({ work: fakeWorker(), snapshot: unasked })).toThrow(/question is not what agenda\.jobs/);
    const forEver = {
      ...saved,
      agenda: { ...saved.agenda, jobs: saved.agenda.jobs.filter(({ kind }) => kind !== "question") },
    };
    expect(() => rig({ work: fakeWorker(), snapshot: forEver })).toThrow(/question is not what agenda\.jobs/);
  });
});

describe("an answer", () => {
  it.each<[string, Ask, object, string]>([
    ["that is none of the options", colour, { choice: "green" }, "body.choice must be 'red' or 'blue'"],
    ["in words where there is a choice", colour, { text: "red" }, "body.text is none of the options"],
    [
      "with words beside a choice",
      colour,
      { choice: "red", text: "please" },
      "body.text is none of the options",
    ],
    ["that says nothing", colour, {}, "body.choice must be 'red' or 'blue'"],
    ["that chooses where words are asked for", words, { choice: "red" }, "body.choice is none"],
    ["without the words that are asked for", words, {}, "body.text is missing"],
  ])("%s is refused, and the question stays open", (_what, ask, body, said) => {
    const { answer, seen, answers } = waiting(ask);
    const error = thrownBy(() => answer(body));
    expect(error).toMatchObject({ code: "invalid_request" });
    expect(String(error)).toContain(said);
    expect([seen(), answers]).toEqual(["waiting", []]);
  });

  it("in words is taken as it is", () => {
    const { answer, answers } = waiting(words);
    answer({ text: "  Ünïcode & \n lines " });
    expect(answers).toMatchObject([{ choice: null, text: "  Ünïcode & \n lines " }]);
  });

  it("that comes second is told what the first one was, which counts", () => {
    const { answer, answers } = waiting();
    answer({ choice: "red" });
    const error = thrownBy(() => answer({ choice: "blue" }));
    expect(error).toMatchObject({ code: "no_such_question" });
    expect(String(error)).toContain("was answered already, and the first answer counts: 'red'");
    expect(answers).toHaveLength(1);
  });

  it.each<[string, (tested: ReturnType<typeof waiting>) => unknown, string]>([
    ["was withdrawn", ({ job, question_id }) => job.withdraw(question_id), "was withdrawn"],
    ["has run out", ({ advance }) => advance(300), "nobody has answered it in time"],
  ])("to a question that %s is told so", (_what, close, said) => {
    const tested = waiting();
    close(tested);
    expect(String(thrownBy(() => tested.answer({ choice: "red" })))).toContain(said);
  });

  it("to a question of another task is told which one is asked", () => {
    const { engine, taskId, question_id } = waiting();
    const error = thrownBy(() =>
      engine.tasks.answer(all, taskId, { question_id: "question_other", choice: "red" }),
    );
    expect(error).toMatchObject({ code: "no_such_question" });
    expect(String(error)).toContain(`What it asks now is '${question_id}'`);
  });

  it("by another game finds no such task", () => {
    const { answer } = waiting();
    expect(thrownBy(() => answer({ choice: "red" }, ofGame("blue")))).toMatchObject({
      code: "task_not_found",
    });
  });

  it("is remembered with the last few of its task, and forgotten with it", () => {
    const { job, engine, taskId, advance } = asking({ limits: { completed_task_ttl_seconds: 60 } });
    const empty = engine.storage.held("red");
    for (let nth = 0; nth < 12; nth += 1) {
      const question_id = job.ask(words) ?? "";
      engine.tasks.answer(all, taskId, { question_id, text: `answer ${nth}` });
    }
    const [asked] = engine.snapshot().world.asked;
    expect(asked?.answers.map(({ text }) => text)).toEqual(
      [4, 5, 6, 7, 8, 9, 10, 11].map((nth) => `answer ${nth}`),
    );
    expect(engine.storage.held("red")).toBeGreaterThan(empty);
    job.finish(null);
    advance(61);
    expect(engine.snapshot().world.asked).toEqual([]);
  });
});

describe("what a task has used", () => {
  const usage = { input_tokens: 1_200, output_tokens: 340, cost_usd: 0.02, model: "small" };

  it("is told with it while it runs, and with its result", () => {
    const { job, engine, taskId } = asking();
    expect(job.usage({ ...usage, output_tokens: 1 })).toBe(true);
    expect(get(engine, taskId).usage).toMatchObject({ output_tokens: 1 });
    job.finish(null, { usage });
    expect(get(engine, taskId)).toMatchObject({ usage, result: { usage } });
    expect(job.usage(usage)).toBe(false);
  });

  it.each([
    { ...usage, input_tokens: -1 },
    { ...usage, cost_usd: NaN },
    { ...usage, more: 1 },
  ])("that is not what it can be is refused: %j", (given) => {
    const { job } = asking();
    expect(thrownBy(() => job.usage(given))).toMatchObject({ code: "invalid_request" });
  });
});
