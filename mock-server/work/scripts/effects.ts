import * as z from "../../../src/contract/zod.js";
import { changedFileSchema, FILE_STATUSES, usageSchema } from "../../../src/contract/changes.js";
import type { ChangedFile } from "../../../src/contract/changes.js";
import { keywordSchema, textSchema } from "../../../src/contract/primitives.js";
import { askSchema } from "../../../src/contract/questions.js";
import type { Ask } from "../../../src/contract/questions.js";
import { checked, list, record, whole } from "../../../src/contract/schema.js";
import type { Schema } from "../../../src/contract/schema.js";
import type { Fault, Usage } from "../../../src/contract/index.js";
import { workStateSchema } from "../../../src/contract/work-states.js";
import type { WorkState } from "../../../src/contract/work-states.js";
import { TASK_TIMEOUT_MAX_SECONDS } from "../../../src/contract/tasks.js";

/** A script that was looked at: what may be said in two ways is said in one. */
export interface ReadScript {
  readonly name: string;
  readonly prompt?: string | RegExp | undefined;
  readonly agent_type?: string | undefined;
  readonly agent?: string | undefined;
  readonly task_type?: string | undefined;
  readonly times?: number | undefined;
  readonly does: Effects;
}

/** What happens to a task; it is kept with a task that goes by it. */
export interface Effects {
  readonly asks?: readonly ScriptQuestion[] | undefined;
  readonly takes?: number | undefined;
  readonly states?: readonly WorkState[] | undefined;
  readonly says?: readonly string[] | undefined;
  /** Texts as they are written. */
  readonly output?: readonly string[] | undefined;
  readonly fails?: Fault | undefined;
  readonly changes?: ScriptChanges | undefined;
  readonly usage?: { readonly [K in keyof Usage]?: Usage[K] | undefined } | undefined;
}

/** A question of a script, and what follows. */
export interface ScriptQuestion extends Omit<Ask, "kind"> {
  readonly kind?: Ask["kind"] | undefined;
  readonly answers?: Readonly<Record<string, Effects>> | undefined;
  readonly unanswered?: Effects | undefined;
}

/** What a script says of changes. */
export interface ScriptChanges {
  readonly diff?: string | undefined;
  readonly files?:
    | readonly ({ readonly path: string } & {
        readonly [K in keyof ChangedFile]?: ChangedFile[K] | undefined;
      })[]
    | undefined;
  readonly branch?: string | undefined;
  readonly base?: string | undefined;
  readonly conflicts?: readonly string[] | undefined;
}

/** Messages, states and lines of one script at the most. */
const LIST_MAX = 100;

/** Characters of one text of a script, and of its diff. */
const TEXT_MAX = 100_000;

/** How deep questions may follow from answers to questions. */
export const QUESTIONS_DEEP = 4;

const text = checked(z.string(), z.maxLength(TEXT_MAX));
const texts = list(text, LIST_MAX);
const name = textSchema(200);

const changesSchema = z.strictObject({
  diff: z.optional(text),
  files: z.optional(
    list(
      z.strictObject({
        path: name,
        status: z.optional(z.literal(FILE_STATUSES)),
        insertions: z.optional(changedFileSchema.shape.insertions),
        deletions: z.optional(changedFileSchema.shape.deletions),
      }),
      1_000,
    ),
  ),
  branch: z.optional(name),
  base: z.optional(name),
  conflicts: z.optional(list(name, 1_000)),
});

const count = z.optional(usageSchema.shape.input_tokens);
const usage = z.strictObject({
  input_tokens: count,
  output_tokens: count,
  cost_usd: z.optional(usageSchema.shape.cost_usd),
  model: z.optional(usageSchema.shape.model),
});

const happens = {
  takes: z.optional(checked(z.number(), z.gte(0), z.lte(TASK_TIMEOUT_MAX_SECONDS))),
  states: z.optional(checked(list(workStateSchema, LIST_MAX), z.minLength(1))),
  says: z.optional(texts),
  output: z.optional(texts),
  fails: z.optional(z.strictObject({ code: keywordSchema, message: textSchema(4_000) })),
  changes: z.optional(changesSchema),
  usage: z.optional(usage),
};

/** Effects whose answers may lead to so many more questions: a script that holds itself is one that goes too deep. */
function fieldsOf(deep: number) {
  if (deep === 0) return happens;
  const then: Schema<Effects> = z.strictObject(fieldsOf(deep - 1));
  const question = z.strictObject({
    ...askSchema.shape,
    kind: z.optional(askSchema.shape.kind),
    answers: z.optional(record(then)),
    unanswered: z.optional(then),
  });
  return { ...happens, asks: z.optional(list(question, LIST_MAX)) };
}

/** What happens to a task, as it is kept. */
export const effectsSchema: Schema<Effects> = z.strictObject(fieldsOf(QUESTIONS_DEEP));

/** Which tasks a script is for. */
export const fitsSchema = z.strictObject({
  name: z.optional(name),
  prompt: z.optional(checked(z.string(), z.minLength(1))),
  agent_type: z.optional(keywordSchema),
  agent: z.optional(name),
  task_type: z.optional(keywordSchema),
  times: z.optional(checked(whole(), z.gte(1))),
});
