import { taskWorkRoutes } from "../../contract/routes/task-work.js";
import type { AnswerOf, BodyOf, Changes, Task } from "../../contract/index.js";
import { ConflictError } from "../../errors/conflict-error.js";
import type { Caller } from "../http/caller.js";
import type { CallOptions } from "../http/options.js";
import type { Commander } from "./commander.js";

/** An answer to a question: one of its options, or words; without an id to the one that is open. */
export type QuestionAnswer = Omit<BodyOf<"taskAnswer">, "question_id"> & {
  readonly question_id?: string | undefined;
};

/** What these calls are made with. */
export interface TaskWorkParts {
  readonly caller: Caller;
  readonly commander: Commander;
  readonly get: (taskId: string, options?: CallOptions) => Promise<Task>;
}

/** Answers a question of a task. */
export async function answerTask(
  { commander, get }: TaskWorkParts,
  taskId: string,
  { question_id, ...answer }: QuestionAnswer,
  options?: CallOptions,
): Promise<AnswerOf<"taskAnswer">> {
  const asked = question_id ?? (await get(taskId, options)).question?.question_id;
  if (asked === undefined) {
    throw new ConflictError(`Task ${taskId} has no open question.`, {
      code: "no_such_question",
      outcome: "not_sent",
      remediation:
        "Wait for one with questions(), or read the task: its question is null while it asks nothing.",
    });
  }
  const input = { params: { task_id: taskId }, body: { question_id: asked, ...answer } };
  return commander.json("tasks.answer", taskWorkRoutes.taskAnswer, input, options);
}

/** Reads what a task has changed. */
export function diffOfTask(
  { caller }: TaskWorkParts,
  taskId: string,
  options?: CallOptions,
): Promise<string> {
  return caller.text(taskWorkRoutes.taskDiff, options, { params: { task_id: taskId } });
}

/** Milliseconds that a review may take: a server waits a minute for whoever carries it out. */
const REVIEW_MS = 75_000;

/** Accepts or discards it. */
export async function reviewTask(
  { commander }: TaskWorkParts,
  taskId: string,
  body: BodyOf<"taskReview">,
  options?: CallOptions,
): Promise<Changes> {
  const input = { params: { task_id: taskId }, body };
  const patient = { timeoutMs: REVIEW_MS, ...options };
  return (await commander.json("tasks.review", taskWorkRoutes.taskReview, input, patient)).changes;
}
