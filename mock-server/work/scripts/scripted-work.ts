import * as z from "../../../src/contract/zod.js";
import { check, checked, whole } from "../../../src/contract/schema.js";
import type { Checked } from "../../../src/contract/schema.js";
import type { Fault } from "../../../src/contract/index.js";
import { changesOf, usageOf } from "../../../src/worker/changes-of.js";
import type { Answer, Job, Work } from "../work.js";
import { effectsSchema } from "./effects.js";
import type { Effects, ScriptQuestion } from "./effects.js";
import type { ScriptBook } from "./script-book.js";
import { stepsOf } from "./steps.js";

/** What is kept of a task that goes by a script. */
const keptSchema = z.object({
  does: effectsSchema,
  /** The number of the next step, once nothing is asked any more. */
  next: z.optional(checked(whole(), z.gte(0))),
  began: z.optional(checked(whole(), z.gte(0))),
});
type KeptScript = z.output<typeof keptSchema>;

/** Tasks whose conflicts are remembered until somebody reviews them; past it the oldest is forgotten, and fits. */
const CONFLICTS_MAX = 1_000;

/** Tasks that may be begun and over within one another's end; the next one is over a moment later. */
const NESTED_MAX = 20;

/** Work as scripts say. What is left of a script is kept with the task, so that it goes on from a snapshot, with the script or without it. */
export function createScriptedWork(book: ScriptBook): Work<KeptScript> {
  const conflicts = new Map<string, readonly string[]>();
  let nested = 0;

  /** Asks what is to be asked first, and then does what is left. */
  const goOn = (job: Job<KeptScript>, does: Effects): void => {
    const [question] = does.asks ?? [];
    job.keep({ does });
    if (question !== undefined) return ask(job, question);
    job.keep({ next: 0 });
    doSteps(job, false);
  };

  const ask = (
    job: Job<KeptScript>,
    { answers: _answers, unanswered: _unanswered, ...question }: ScriptQuestion,
  ): void => {
    const { options = [], kind = options.length > 0 ? "choice" : "text" } = question;
    try {
      job.ask({ ...question, kind });
    } catch (error) {
      job.finish(faultOf(error));
    }
  };

  /** Does the steps whose time has come. */
  const doSteps = (job: Job<KeptScript>, isDue: boolean): void => {
    const { does = {}, next: from = 0 } = job.kept;
    const steps = stepsOf(does);
    for (const [number, step] of steps.entries()) {
      if (number < from) continue;
      const after = step.at - (steps[number - 1]?.at ?? 0);
      if (after > 0 && !(isDue && number === from)) {
        job.keep({ next: number });
        job.wake(after);
        return;
      }
      if (step.state !== undefined) job.state(step.state);
      if (step.says !== undefined) job.progress(step.says.share, step.says.message);
      if (step.writes !== undefined) job.write(step.writes);
    }
    finish(job, does);
  };

  const finish = (job: Job<KeptScript>, { fails, changes, usage }: Effects): void => {
    const { id } = job.task;
    try {
      if (changes?.conflicts !== undefined) {
        conflicts.set(id, changes.conflicts);
        for (const old of conflicts.keys()) {
          if (conflicts.size <= CONFLICTS_MAX) break;
          conflicts.delete(old);
        }
      }
      job.finish(fails ?? null, {
        ...(changes !== undefined && changesOf(id, changes, changes.diff)),
        ...(usage !== undefined && { usage: usageOf(usage) }),
      });
    } catch (error) {
      job.finish(faultOf(error));
    }
  };

  return {
    kindOf: () => "scripted",

    begin(job) {
      const states = book.chosenFor(job.task.id)?.does.states;
      if (!job.start(states?.[0] ?? "coding")) return;
      const script = book.take(job.task.id);
      if (script === null) return;
      if (nested >= NESTED_MAX) {
        job.keep({ does: script.does });
        job.wake(0);
        return;
      }
      nested += 1;
      try {
        goOn(job, script.does);
      } finally {
        nested -= 1;
      }
    },

    wake(job) {
      const { does, next } = job.kept;
      if (does === undefined) return;
      if (next === undefined) goOn(job, does);
      else doSteps(job, true);
    },

    answered(job, answer) {
      const { does = {} } = job.kept;
      const [question, ...rest] = does.asks ?? [];
      const { asks = [], ...follows } = (question && whatFollows(question, answer)) ?? {};
      goOn(job, { ...does, ...follows, asks: [...asks, ...rest] });
    },

    review: (task, verdict) => (verdict === "accept" ? (conflicts.get(task.id) ?? []) : []),

    recall: (kept) => recalled(kept),
  };
}

function recalled(kept: unknown): Checked<KeptScript> {
  return check(keptSchema, kept, "kept");
}

function whatFollows(
  { answers = {}, unanswered }: ScriptQuestion,
  { choice, by }: Answer,
): Effects | undefined {
  if (by !== "player") return unanswered;
  const named = choice === null ? "*" : choice;
  return Object.hasOwn(answers, named) ? answers[named] : answers["*"];
}

function faultOf(error: unknown): Fault {
  const message = error instanceof Error ? error.message : "The script cannot go on.";
  return { code: "work_failed", message };
}
