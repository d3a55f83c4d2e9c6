import * as z from "zod/mini";
import type { Ack, EventData, EventFrame, EventOf, EventType, Welcome } from "../contract/index.js";
import {
  ackSchema,
  describeDetail,
  eventDataSchemas,
  eventFrameSchema,
  isEventType,
  issuesToDetail,
  pingSchema,
  welcomeSchema,
} from "../contract/index.js";
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

/** A frame of the server, read and checked. */
export type Incoming =
  | IncomingEvent
  | Welcome
  | z.infer<typeof pingSchema>
  | Ack
  | { readonly type: "unreadable"; readonly problem: string };

const controls = { welcome: welcomeSchema, ping: pingSchema, ack: ackSchema };

function isControl(type: unknown): type is keyof typeof controls {
  return typeof type === "string" && Object.hasOwn(controls, type);
}

const { type: typeSchema, epoch, seq, prev } = eventFrameSchema.shape;
const placeSchema = /* @__PURE__ */ z.object({ type: typeSchema, epoch, seq, prev });

/** Reads one message of the socket. It never throws: what cannot be read says so. */
export function decode(data: unknown): Incoming {
  let frame: unknown;
  try {
    frame = typeof data === "string" ? JSON.parse(data) : null;
  } catch {
    frame = null;
  }
  const type = typeof frame === "object" && frame !== null && "type" in frame ? frame.type : null;
  if (isControl(type)) {
    const read = z.safeParse(controls[type], frame);
    return read.success ? read.data : { type: "unreadable", problem: problemOf(type, read.error) };
  }
  const place = z.safeParse(placeSchema, frame);
  if (!place.success) return { type: "unreadable", problem: problemOf(type, place.error) };
  return { ...place.data, type: "event", ...readEvent(frame) };
}

function readEvent(frame: unknown): Pick<IncomingEvent, "event" | "problem"> {
  const envelope = z.safeParse(eventFrameSchema, frame);
  if (!envelope.success) return { event: null, problem: problemOf("event", envelope.error) };
  const { type, prev: _prev, data, ...rest } = envelope.data;
  if (!isEventType(type)) {
    return isUnknownEventType(type)
      ? { event: { type, ...rest, data }, problem: "" }
      : { event: null, problem: `${type.slice(0, 64)} is no event's name` };
  }
  const parsed = z.safeParse(eventDataSchemas[type], data);
  return parsed.success
    ? { event: known(type, rest, parsed.data), problem: "" }
    : { event: null, problem: problemOf(type, parsed.error) };
}

function known<T extends EventType>(
  type: T,
  envelope: Omit<EventFrame, "type" | "prev" | "data">,
  data: EventData[T],
): EventOf<T> {
  return { type, ...envelope, data };
}

function problemOf(name: unknown, error: z.core.$ZodError): string {
  // What it says is the server's own text: shortened, so that garbage stays a line in a log.
  return `${String(name).slice(0, 64)}: ${describeDetail(issuesToDetail(error.issues, "frame")).slice(0, 500)}`;
}
