import * as z from "./zod.js";
import { checked, list, open } from "./schema.js";
import { idSchema, textSchema, timestampSchema } from "./primitives.js";

/** What a question asks for: whether something may be done, one of some options, or words. */
export const QUESTION_KINDS = ["permission", "choice", "text"] as const;
export type QuestionKind = (typeof QUESTION_KINDS)[number];

/** Seconds that a question stays open when whoever asks does not say. */
export const QUESTION_SECONDS = 300;

/** Seconds that a question may stay open at the most. */
export const QUESTION_SECONDS_MAX = 86_400;

/** Options of a question at the most. */
export const OPTIONS_MAX = 20;

/** Characters of a question, and of an answer in words. */
export const QUESTION_TEXT_MAX = 4_000;

/** Characters of what a question shows of a change. */
export const QUESTION_DIFF_MAX = 65_536;

/** What is asked about: the tool that wants to be used, and on what. */
export const questionAboutSchema = z.object({
  tool: z.string(),
  title: z.string(),
  path: z.optional(z.string()),
  command: z.optional(z.string()),
  /** What would change, as a unified diff. */
  diff: z.optional(z.string()),
});
export type QuestionAbout = z.output<typeof questionAboutSchema>;

/** One way to answer; `id` is what an answer gives as its `choice`. */
export const questionOptionSchema = z.object({
  id: idSchema,
  label: z.string(),
  hint: z.optional(z.string()),
});
export type QuestionOption = z.output<typeof questionOptionSchema>;

/** What an agent wants to know from the player before it goes on. */
export const questionSchema = z.object({
  question_id: idSchema,
  kind: open(...QUESTION_KINDS),
  text: z.string(),
  /** Empty where words are asked for, and for a permission that can only be given where it was asked, in a terminal say. */
  options: list(questionOptionSchema),
  about: z.nullable(questionAboutSchema),
  asked_at: timestampSchema,
  /** When it closes by itself, if nobody has answered. */
  expires_at: timestampSchema,
});
export type Question = z.output<typeof questionSchema>;

/** Who closes a question: whoever plays, time that runs out, or the worker that asked and wants to know no more. */
export const ANSWERED_BY = ["player", "time", "worker"] as const;
export type AnsweredBy = (typeof ANSWERED_BY)[number];

/** Who closed a question, as a server tells it. */
export const answeredBySchema = open(...ANSWERED_BY);

const upTo = (maximum: number) => checked(z.string(), z.maxLength(maximum));

/** A question as its worker asks it. What is left out: no options (allow and deny for a permission), 300 seconds. */
export const askSchema = /* @__PURE__ */ (() =>
  z.strictObject({
    kind: z.literal(QUESTION_KINDS),
    text: textSchema(QUESTION_TEXT_MAX),
    /** A word is an option that is called what it is. */
    options: z.optional(
      list(
        z.union([
          idSchema,
          z.strictObject({ id: idSchema, label: textSchema(200), hint: z.optional(upTo(1_000)) }),
        ]),
        OPTIONS_MAX,
      ),
    ),
    about: z.optional(
      z.strictObject({
        tool: upTo(200),
        title: upTo(1_000),
        path: z.optional(upTo(4_000)),
        command: z.optional(upTo(QUESTION_TEXT_MAX)),
        diff: z.optional(upTo(QUESTION_DIFF_MAX)),
      }),
    ),
    /** Seconds for which it stays open. */
    seconds: z.optional(checked(z.number(), z.gt(0), z.lte(QUESTION_SECONDS_MAX))),
  }))();
export type Ask = Omit<z.output<typeof askSchema>, "options"> & {
  readonly options?: readonly (string | QuestionOption)[] | undefined;
};

/** The body of `POST /tasks/{task_id}/answer`: one of the options, or words. */
export const taskAnswerBodySchema = z.strictObject({
  question_id: idSchema,
  choice: z.optional(idSchema),
  text: z.optional(checked(z.string(), z.maxLength(QUESTION_TEXT_MAX))),
});

export type TaskAnswerBody = z.output<typeof taskAnswerBodySchema>;

/** The answer to `POST /tasks/{task_id}/answer`. */
export const taskAnswerAnswerSchema = z.object({
  success: z.literal(true),
  task_id: idSchema,
  message: z.string(),
});
