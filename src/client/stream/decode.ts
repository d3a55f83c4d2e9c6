import * as z from "../../contract/zod.js";
import type {
  Ack,
  AnyEvent,
  EventData,
  EventFrame,
  EventOf,
  EventType,
  Welcome,
} from "../../contract/index.js";
import { isEventType } from "../../contract/event-types.js";
import { eventDataSchemas, eventFrameSchema, latestFrameSchema } from "../../contract/events.js";
import { ackSchema, pingSchema, welcomeSchema } from "../../contract/frames.js";
import { check, describeProblems } from "../../contract/schema.js";
import type { Problem } from "../../contract/schema.js";
import type { LogEvent } from "./stream-events.js";
import { isUnknownEventType } from "./unknown-event-type.js";

/** An event as it came. `event` is null where its place in the log could be read and the rest could not. */
export interface IncomingEvent {
  readonly type: "event";
  readonly epoch: string;
  readonly seq: number;
  readonly prev: number;
  readonly event: LogEvent | null;
  /** What is wrong with it, when `event` is null. */
  readonly problem: string;
}

/** Moves and progress that stand beside the stream. `problem` says what is wrong with those that could not be read. */
export interface IncomingLatest {
  readonly type: "latest";
  readonly events: readonly LogEvent[];
  readonly problem: string;
}

/** A frame of the server, read and checked. */
export type Incoming =
  | IncomingEvent
  | IncomingLatest
  | Welcome
  | z.output<typeof pingSchema>
  | Ack
  /** A frame that a later server sends beside the events, for clients that know it. */
  | { readonly type: "later" }
  | { readonly type: "unreadable"; readonly problem: string };

const controls = { welcome: welcomeSchema, ping: pingSchema, ack: ackSchema };

function isControl(type: unknown): type is keyof typeof controls {
  return typeof type === "string" && Object.hasOwn(controls, type);
}

/** Events have a dot in their names and a place in the log; what has neither is a frame of its own, and this version knows all of today's. */
function isLater(type: unknown, frame: unknown): boolean {
  const hasPlace = typeof frame === "object" && frame !== null && "seq" in frame;
  return !hasPlace && typeof type === "string" && /^[a-z][a-z_]{0,63}$/.test(type);
}

const { type: typeSchema, epoch, seq, prev } = eventFrameSchema.shape;
const placeSchema = /* @__PURE__ */ z.object({ type: typeSchema, epoch, seq, prev });

/** Characters of one frame at the most; what is longer is not looked at. */
const FRAME_MAX = 16_777_216;

/** Reads one message of the socket. It never throws: what cannot be read says so. */
export function decode(data: unknown): Incoming {
  let frame: unknown;
  try {
    frame = typeof data === "string" && data.length <= FRAME_MAX ? JSON.parse(data) : null;
  } catch {
    frame = null;
  }
  const type = typeof frame === "object" && frame !== null && "type" in frame ? frame.type : null;
  if (type === "latest") return readLatest(frame);
  if (isControl(type)) {
    const read = check(controls[type], frame, "frame");
    return read.ok ? read.value : { type: "unreadable", problem: problemOf(type, read.problems) };
  }
  if (isLater(type, frame)) return { type: "later" };
  const place = check(placeSchema, frame, "frame");
  if (!place.ok) return { type: "unreadable", problem: problemOf(type, place.problems) };
  return { ...place.value, type: "event", ...readEvent(frame) };
}

/** Events that a backend in the same page handed over as they are: they never were text that could be garbled. */
export function handed(events: readonly AnyEvent[], prev: number | null): Incoming {
  const [event] = events;
  if (prev === null || event === undefined) return { type: "latest", events, problem: "" };
  const { epoch, seq } = event;
  return { type: "event", epoch, seq, prev, event, problem: "" };
}

function readEvent(frame: unknown): Pick<IncomingEvent, "event" | "problem"> {
  const envelope = check(eventFrameSchema, frame, "frame");
  if (!envelope.ok) return { event: null, problem: problemOf("event", envelope.problems) };
  const { prev: _prev, ...event } = envelope.value;
  return readData(event);
}

function readLatest(frame: unknown): Incoming {
  const read = check(latestFrameSchema, frame, "frame");
  if (!read.ok) return { type: "unreadable", problem: problemOf("latest", read.problems) };
  const events: LogEvent[] = [];
  let problem = "";
  for (const one of read.value.events) {
    const { event, problem: wrong } = readData(one);
    if (event === null) problem = wrong;
    else events.push(event);
  }
  return { type: "latest", events, problem };
}

function readData({
  type,
  data,
  ...rest
}: Omit<EventFrame, "prev">): Pick<IncomingEvent, "event" | "problem"> {
  if (!isEventType(type)) {
    return isUnknownEventType(type)
      ? { event: { type, ...rest, data }, problem: "" }
      : { event: null, problem: `${type.slice(0, 64)} is no event's name` };
  }
  const read = check(eventDataSchemas[type], data, "frame");
  return read.ok
    ? { event: known(type, rest, read.value), problem: "" }
    : { event: null, problem: problemOf(type, read.problems) };
}

function known<T extends EventType>(
  type: T,
  envelope: Omit<EventFrame, "type" | "prev" | "data">,
  data: EventData[T],
): EventOf<T> {
  return { type, ...envelope, data };
}

function problemOf(name: unknown, problems: readonly Problem[]): string {
  // What it says is the server's own text: shortened, so that garbage stays a line in a log.
  return `${String(name).slice(0, 64)}: ${describeProblems(problems).slice(0, 500)}`;
}
