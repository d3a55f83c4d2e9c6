import type { Task, WorkKind } from "../../src/contract/index.js";
import { FunctionWork } from "./functions/function-work.js";
import { ScriptBook } from "./scripts/script-book.js";
import { createScriptedWork } from "./scripts/scripted-work.js";
import type { Work } from "./work.js";
import type { Workers, WorkersParts } from "./worker-parts.js";

/**
 * Chooses for each task who works on it: a script that fits, else a function for the type of its agent, else the rest. What comes after
 * that is for whoever the task names.
 */
export function createWorkers(parts: WorkersParts): Workers {
  return createWorkersWith(new FunctionWork(parts), parts);
}

/** The same with another who runs functions, or nobody, where none can be handed in. */
export function createWorkersWith(
  byFunction: (Work & Pick<Workers, "end">) | null,
  parts: WorkersParts,
): Workers {
  const { rest, functions, scripts } = parts;
  const book = new ScriptBook(scripts);
  const scripted = createScriptedWork(book);
  const workerOf = (kind: Task["work"]): Work =>
    kind === "scripted" ? scripted : kind === "function" ? (byFunction ?? rest) : rest;

  const kindOf: Work["kindOf"] = (task, agent): WorkKind => {
    if (book.choose(task, agent) !== null) return "scripted";
    const isFor = Object.hasOwn(functions, agent?.type ?? "*") || Object.hasOwn(functions, "*");
    return isFor ? "function" : rest.kindOf(task, agent);
  };
  return {
    kindOf,
    begin: (job) => workerOf(kindOf(job.task, job.agent)).begin(job),
    wake: (job) => workerOf(job.task.work).wake(job),
    answered: (job, answer) => workerOf(job.task.work).answered?.(job, answer),
    resumed: (job) => workerOf(job.task.work).resumed?.(job),
    stopped(task, why) {
      book.release(task.id);
      workerOf(task.work).stopped?.(task, why);
    },
    review: (task, ...asked) => workerOf(task.work).review?.(task, ...asked) ?? [],
    carryOut: (task, ...asked) => workerOf(task.work).carryOut?.(task, ...asked),
    recall: (kept, wakes, task) => workerOf(task.work).recall(kept, wakes, task),
    check: () => book.check(),
    useOf: (entry) => book.useOf(entry),
    end: () => byFunction?.end(),
  };
}
