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

/** A character that JSON writes in another way, or in more than one byte. */
const NOT_PLAIN = /[^ !#-[\]-~]/;

/** What a text weighs, or anything else of which the text is the most. */
export function weightOfText(text: unknown): number {
  // Most texts stand in JSON as they are, between quotes.
  if (typeof text === "string" && !NOT_PLAIN.test(text)) return text.length + 2;
  return utf8Length(JSON.stringify(text));
}

const known = new WeakMap<object, number>();

/** What data of a caller's own weighs. It must not change any more. */
export function weightOfData(data: object): number {
  let weight = known.get(data);
  if (weight === undefined) {
    weight = weightOfText(data) + VALUE * valuesIn(data);
    known.set(data, weight);
  }
  return weight;
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

/** What a task weighs without its output. */
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

/** What a line of a task's output weighs. */
export function weightOfLine(text: string): number {
  return LINE + weightOfText(text);
}

/** What a scene weighs. */
export function weightOfScene({ metadata, ...body }: { readonly metadata?: Metadata | undefined }): number {
  const own = SCENE * weightOfText(body);
  return metadata === undefined ? own : own + weightOfData(metadata);
}
