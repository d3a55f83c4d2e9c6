import * as z from "../../../src/contract/zod.js";
import type { Schema } from "../../../src/contract/index.js";
import { isObject } from "../../../src/contract/is-object.js";
import { countSchema } from "../../../src/contract/primitives.js";
import { check, describeProblems, list, record, whole } from "../../../src/contract/schema.js";
import { parsedJson } from "../../../src/contract/parsed-json.js";

/** The version of recordings that this package writes and reads. */
export const RECORDING_VERSION = 1;

/** What an answer comes in, where it comes in pieces: when, in milliseconds after the call, and what. */
const pieceSchema = z.object({ at: z.number(), text: z.string() });

const callSchema = z.object({
  type: z.literal("call"),
  /** Milliseconds from the beginning of the recording on, when it was asked. */
  at: z.number(),
  method: z.string(),
  /** Path and query. */
  path: z.string(),
  /** The body as JSON; null where it had none. */
  body: z.unknown(),
  status: whole(),
  headers: record(z.string()),
  /** The whole text of the answer; null where it came in pieces. */
  answer: z.nullable(z.string()),
  pieces: list(pieceSchema),
});

const frameSchema = z.object({
  type: z.literal("frame"),
  at: z.number(),
  /** Which connection: 1 is the first. */
  socket: countSchema,
  from: z.literal(["client", "server"]),
  frame: record(z.unknown()),
});

const endSchema = z.object({ type: z.literal("end"), at: z.number(), socket: countSchema, code: whole() });

/** The last line of a recording that took no more: it had as many bytes as it may have. */
const fullSchema = z.object({ type: z.literal("full"), at: z.number() });

const headSchema = z.object({
  agentvm_recording: z.number(),
  recorded_at: z.string(),
  /** The server that was recorded. */
  endpoint: z.string(),
});

const lineSchemas = { call: callSchema, frame: frameSchema, end: endSchema, full: fullSchema } as const;

/** A call and its answer, as they were recorded. */
export type RecordedCall = z.output<typeof callSchema>;
/** A frame of the event stream. */
export type RecordedFrame = z.output<typeof frameSchema>;
/** One line of a recording after the first. */
export type RecordedLine =
  RecordedCall | RecordedFrame | z.output<typeof endSchema> | z.output<typeof fullSchema>;

/** What a real server was asked and answered, with its events: what `agentvm record` writes. It holds no secret. */
export interface Recording {
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly recordedAt: string;
  readonly endpoint: string;
  readonly lines: readonly RecordedLine[];
  /** Whether it ends before what was recorded did, since it had as many bytes as it may have. */
  readonly full: boolean;
}

/** The first line of a recording. */
export function recordingHead(recordedAt: string, endpoint: string): string {
  return JSON.stringify({ agentvm_recording: RECORDING_VERSION, recorded_at: recordedAt, endpoint });
}

/**
 * Reads a recording from the text of its file.
 *
 * @throws TypeError that says what is wrong, and in which line: a text that is no recording, one of another version, one that was cut short or changed.
 *
 * @example
 * const recording = parseRecording(await (await fetch("/recordings/jump.jsonl")).text());
 * const backend = createMockBackend({ replay: recording });
 */
export function parseRecording(text: string): Recording {
  const [first = "", ...rest] = text.split("\n");
  const head = parsedJson(first);
  if (!isObject(head) || !("agentvm_recording" in head)) {
    throw new TypeError("This is no recording of agentvm record: its first line does not say so.");
  }
  const { agentvm_recording: version } = head;
  if (version !== RECORDING_VERSION) {
    throw new TypeError(
      `The recording is of version ${String(version).slice(0, 32)}, and this package reads version ${RECORDING_VERSION}. ` +
        "Record it anew with the agentvm record of this package.",
    );
  }
  const { recorded_at: recordedAt, endpoint } = fitting(headSchema, head, 1);
  const lines: RecordedLine[] = [];
  for (const [place, line] of rest.entries()) {
    if (line !== "") lines.push(readLine(line, place + 2));
  }
  if (!text.endsWith("\n")) throw broken(rest.length + 1, "it has no end: the file was cut short");
  const full = lines.at(-1)?.type === "full";
  return { version: RECORDING_VERSION, recordedAt, endpoint, lines, full };
}

function readLine(line: string, number: number): RecordedLine {
  const value = parsedJson(line);
  if (value === undefined) throw broken(number, "it is not JSON: the file was cut short or changed");
  const type = isObject(value) ? value["type"] : undefined;
  switch (type) {
    case "call":
      return fitting(lineSchemas.call, value, number);
    case "frame":
      return fitting(lineSchemas.frame, value, number);
    case "end":
      return fitting(lineSchemas.end, value, number);
    case "full":
      return fitting(lineSchemas.full, value, number);
    default:
      throw broken(number, "it is none of call, frame, end and full");
  }
}

function fitting<Out>(schema: Schema<Out>, value: unknown, number: number): Out {
  const read = check(schema, value, "line");
  if (read.ok) return read.value;
  throw broken(number, describeProblems(read.problems));
}

function broken(number: number, why: string): TypeError {
  return new TypeError(`Line ${number} of the recording is not valid: ${why}. Record it anew.`);
}
