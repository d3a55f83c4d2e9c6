import { askSchema, QUESTION_SECONDS } from "../../src/contract/questions.js";
import { check } from "../../src/contract/schema.js";
import type { Agent, Ask, Question, QuestionOption, Task } from "../../src/contract/index.js";
import type { Answer } from "../work/work.js";
import { reserve } from "./byte-budget.js";
import type { Core } from "./core.js";
import { EngineError, invalidRequest } from "./errors.js";
import { frozenCopy } from "./frozen.js";
import { setState } from "./set-state.js";
import { timestampOf } from "./timestamps.js";
import { weightOfData } from "./weights.js";
import type { ClosedQuestion, TaskRecord } from "./world.js";

/** Asks a question of a running task: its agent waits from now on. */
export function openQuestion(core: Core, task: Task, agent: Agent, asked: Ask): string {
  const { id: task_id, game_id } = task;
  if (task.question !== null) {
    const { question_id } = task.question;
    throw invalidRequest(["question"], `is a second one: '${question_id}' of the same task is open yet`);
  }
  const { kind, text, seconds = QUESTION_SECONDS, about = null, options } = checkedAsk(asked);
  const due = core.ledger.now + Math.ceil(seconds * 1_000);
  const question: Question = frozenCopy(
    {
      question_id: core.ids.next("question"),
      kind,
      text,
      options: optionsOf(kind, options),
      about,
      asked_at: core.ledger.timestamp,
      expires_at: timestampOf(due),
    },
    ["question"],
  );
  reserve(core, game_id, weightOfData(question));
  core.ledger.emit({ type: "task.question", game_id, data: { task_id, agent_id: agent.id, question } });
  setState(core, agent, "waiting", task_id);
  core.agenda.schedule("question", task_id, due);
  return question.question_id;
}

/** Closes the open question of a task: its agent goes on with what it did, or with what its worker has said since. */
export function closeQuestion(core: Core, { task }: TaskRecord, answer: Answer): void {
  const { id: task_id, agent_id, game_id } = task;
  if (agent_id === null) return;
  const resumes = core.world.asked.get(task_id)?.resumes ?? "thinking";
  core.agenda.cancel("question", task_id);
  core.ledger.emit({ type: "task.answered", game_id, data: { task_id, agent_id, ...answer } });
  const agent = core.world.agents.get(agent_id)?.agent;
  if (agent?.state === "waiting") setState(core, agent, resumes, task_id);
}

/** Why a question of a task cannot be answered. */
export function noSuchQuestion(core: Core, { id, question }: Task, questionId: string): EngineError {
  const before = core.world.asked.get(id)?.answers.find(({ question_id }) => question_id === questionId);
  if (before) return new EngineError("no_such_question", wordsOf(before));
  const now = question === null ? "" : ` What it asks now is '${question.question_id}'.`;
  return new EngineError(
    "no_such_question",
    `The task '${id}' has no open question with the id '${questionId}'.${now}`,
  );
}

/** Characters of an answer that are told to who answers again. */
const TOLD_MAX = 200;

function wordsOf({ question_id, choice, text, by }: ClosedQuestion): string {
  const what = `The question '${question_id}'`;
  if (by === "worker") return `${what} was withdrawn.`;
  if (by === "time") return `${what} is over: nobody has answered it in time.`;
  const words = choice ?? text ?? "";
  const told = words.length > TOLD_MAX ? `${words.slice(0, TOLD_MAX)}…` : words;
  return `${what} was answered already, and the first answer counts: '${told}'.`;
}

const PERMISSION: readonly QuestionOption[] = [
  { id: "allow", label: "Allow" },
  { id: "deny", label: "Deny" },
];

function checkedAsk(asked: Ask): Ask {
  const checked = check(askSchema, asked, "question");
  if (checked.ok) return checked.value;
  throw invalidRequest(checked.problems[0]?.loc ?? ["question"], checked.problems[0]?.msg ?? "is not valid");
}

function optionsOf(kind: Ask["kind"], given: Ask["options"]): QuestionOption[] {
  const options = (given ?? []).map((one) => (typeof one === "string" ? { id: one, label: one } : one));
  const at = ["question", "options"];
  if (kind === "text") {
    if (options.length > 0) throw invalidRequest(at, "must be left out where words are asked for");
    return options;
  }
  if (kind === "permission" && given === undefined) return [...PERMISSION];
  // It is given where it was asked, and only shown here.
  if (kind === "permission" && options.length === 0) return options;
  if (options.length === 0) throw invalidRequest(at, "must have at least 1 item");
  if (new Set(options.map(({ id }) => id)).size < options.length)
    throw invalidRequest(at, "must have an id of its own each");
  return options;
}
