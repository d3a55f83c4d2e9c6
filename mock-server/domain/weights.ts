import type { Agent, Metadata, Task } from "../../src/contract/index.js";
import { utf8Length } from "./utf8.js";

/*
 * What things weigh, in bytes. A thing weighs at least what it takes in a snapshot, written as JSON, so that what all games may
 * hold is what a snapshot may have; and about what it takes in memory, where small values take far more than their text.
 */

/** An agent without its texts. */
const AGENT = 1_024;

/** A task without its texts. */
const TASK = 1_024;

/** What is left to be done of a task that runs. */
const PLAN = 3_072;

/** A line of output, without its text. */
const LINE = 96;

/** A value of free data, a field or an item, beside its text. */
const VALUE = 128;

/** Times that the text of a scene stands for the many numbers in it. */
const SCENE = 4;

/** A character that JSON writes in another way. */
const ESCAPED = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** What a text weighs, or anything else of which the text is the most. */
export function weightOfText(text: unknown): number {
  // Most texts stand in JSON as they are, between quotes.
  if (typeof text === "string" && !ESCAPED.test(text)) return utf8Length(text) + 2;
  return utf8Length(JSON.stringify(text));
}

const known = new WeakMap<object, number>();

/** What data of a caller's own weighs. It must not change any more. */
export function weightOfData(data: object): number {
  let weight = known.get(data);
  if (weight === undefined) known.set(data, (weight = weigh(data)));
  return weight;
}

/** The same for what is weighed once. */
export function weigh(data: object): number {
  return weightOfText(data) + VALUE * valuesIn(data);
}

function valuesIn(data: object): number {
  let count = 1;
  const values: unknown[] = Object.values(data);
  for (const value of values) {
    count += typeof value === "object" && value !== null ? valuesIn(value) : 1;
  }
  return count;
}

/** What an agent weighs, whatever it does. */
export function weightOfAgent(
  agent: Pick<Agent, "name" | "description" | "capabilities" | "metadata">,
): number {
  const { name, description, capabilities, metadata } = agent;
  return AGENT + weightOfText([name, description, capabilities]) + weightOfData(metadata);
}

/** What a task weighs without its output and what it has asked and changed. */
export function weightOfTask({
  prompt,
  metadata,
  status,
  message,
  result,
}: Pick<Task, "prompt" | "metadata" | "status" | "message" | "result">): number {
  const weight = TASK + weightOfText(prompt) + weightOfData(metadata);
  if (status === "running") return weight + PLAN;
  return result === null ? weight : weight + weightOfText([result.output, message, result.error]);
}

/** What weighs what a task has asked and changed. */
export function weightOfWork(
  { question, changes, usage }: Pick<Task, "question" | "changes" | "usage">,
  answers: readonly object[] = [],
  diff?: string,
): number {
  let weight = 0;
  if (question !== null) weight += weightOfData(question);
  // They stand in the task and in its result.
  if (changes !== null) weight += 2 * weightOfData(changes);
  if (usage !== null) weight += 2 * weightOfData(usage);
  for (const answer of answers) weight += weightOfData(answer);
  return diff === undefined ? weight : weight + LINE + weightOfText(diff);
}

/** What a task weighs that nobody works on yet. */
export function weightOfNewTask(prompt: string, metadata: Metadata): number {
  return weightOfTask({ prompt, metadata, status: "pending", message: "", result: null });
}

/** About how long an agent is as it is told, found without looking at its texts. */
export function sizeOfAgent({ name, description, capabilities, metadata }: Agent): number {
  const skills = capabilities.reduce((sum, { length }) => sum + length, 0);
  return AGENT + name.length + description.length + skills + weightOfData(metadata);
}

/** About how long a task is as it is told, found without looking at its texts. */
export function sizeOfTask({ prompt, metadata, result }: Task): number {
  return TASK + prompt.length + weightOfData(metadata) + (result?.output.length ?? 0);
}

/** What a line of a task's output weighs, which has so many bytes. */
export function weightOfLine(text: string, bytes: number): number {
  const escaped = text.search(ESCAPED);
  // Most have nothing that JSON writes in another way but the end of the line.
  const isPlain = escaped === -1 || (escaped === text.length - 1 && text.endsWith("\n"));
  return LINE + (isPlain ? bytes + (escaped === -1 ? 2 : 3) : weightOfText(text));
}

/** What a scene weighs. */
export function weightOfScene({ metadata, ...body }: { readonly metadata?: Metadata | undefined }): number {
  const own = SCENE * weightOfText(body);
  return metadata === undefined ? own : own + weightOfData(metadata);
}
