import * as z from "zod/mini";
import { checked, list, open } from "./schema.js";
import { idSchema, timestampSchema } from "./primitives.js";

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
  /** Empty where words are asked for. */
  options: list(questionOptionSchema),
  about: z.nullable(questionAboutSchema),
  asked_at: timestampSchema,
  /** When it closes by itself, if nobody has answered. */
  expires_at: timestampSchema,
});
export type Question = z.output<typeof questionSchema>;

/** Who closed a question: whoever plays, time that ran out, or the worker that asked and wants to know no more. */
export const answeredBySchema = open("player", "time", "worker");

/** The body of `POST /tasks/{task_id}/answer`: one of the options, or words. */
export const taskAnswerBodySchema = z.strictObject({
  question_id: idSchema,
  choice: z.optional(idSchema),
  text: z.optional(checked(z.string(), z.maxLength(QUESTION_TEXT_MAX))),
});

/** The answer to `POST /tasks/{task_id}/answer`. */
export const taskAnswerAnswerSchema = z.object({
  success: z.literal(true),
  task_id: idSchema,
  message: z.string(),
});
