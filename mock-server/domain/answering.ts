import type { Task, TaskAnswerBody } from "../../src/contract/index.js";
import type { Answer } from "../work/work.js";
import type { Core } from "./core.js";
import { invalidRequest } from "./errors.js";
import { jobOf } from "./flow.js";
import { findTask } from "./lookup.js";
import { closeQuestion, noSuchQuestion } from "./questions.js";
import type { Scope } from "./types.js";
import type { TaskRecord } from "./world.js";

/** Answers the open question of a task. */
export function answerQuestion(
  core: Core,
  scope: Scope,
  taskId: string,
  { question_id, choice, text }: TaskAnswerBody,
): Task {
  const record = findTask(core, scope, taskId);
  const { question } = record.task;
  if (question?.question_id !== question_id) throw noSuchQuestion(core, record.task, question_id);
  if (question.kind === "text") {
    if (choice !== undefined) throw invalidRequest(["body", "choice"], "is none: words are asked for");
    if (text === undefined) throw invalidRequest(["body", "text"], "is missing", "invalid_type");
  } else {
    if (text !== undefined) throw invalidRequest(["body", "text"], "is none of the options; give a choice");
    const ids = question.options.map(({ id }) => id);
    if (ids.length === 0) throw invalidRequest(["body", "question_id"], "is answered where it was asked");
    if (choice === undefined || !ids.includes(choice)) {
      throw invalidRequest(["body", "choice"], `must be ${ids.map((id) => `'${id}'`).join(" or ")}`);
    }
  }
  close(core, record, { question_id, choice: choice ?? null, text: text ?? null, by: "player" });
  return record.task;
}

/** Closes a question that nobody has answered in time; the task goes on. */
export function expireQuestion(core: Core, taskId: string): void {
  const record = core.world.tasks.get(taskId);
  const question_id = record?.task.question?.question_id;
  if (record === undefined || question_id === undefined) return;
  close(core, record, { question_id, choice: null, text: null, by: "time" });
}

function close(core: Core, record: TaskRecord, answer: Answer): void {
  closeQuestion(core, record, answer);
  const job = jobOf(core, record);
  if (job) core.work.answered?.(job, answer);
}
