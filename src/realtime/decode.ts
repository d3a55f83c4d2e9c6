import * as z from "zod/mini";
import type { Ack, EventData, EventOf, EventType, Welcome } from "../contract/index.js";
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
import { isUnknownEventType } from "./stream-events.js";

/** An event as it came. `event` is null where its place in the log could be read and the rest could not. */
export interface IncomingEvent {
  readonly kind: "event";
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
  | { readonly kind: "welcome"; readonly welcome: Welcome }
  | { readonly kind: "ping"; readonly t: number }
  | { readonly kind: "ack"; readonly ack: Ack }
  | { readonly kind: "unreadable"; readonly problem: string };

const { epoch, seq, prev } = eventFrameSchema.shape;
const placeSchema = /* @__PURE__ */ z.object({ epoch, seq, prev });
const typedSchema = /* @__PURE__ */ z.object({ type: z.string() });

/** Reads one message of the socket. It never throws: what cannot be read says so. */
export function decode(data: unknown): Incoming {
  if (typeof data !== "string") return unreadable("a frame is not text");
  let frame: unknown;
  try {
    frame = JSON.parse(data);
  } catch {
    return unreadable("a frame is not JSON");
  }
  const typed = z.safeParse(typedSchema, frame);
  if (!typed.success) return unreadable("a frame is not an object with a type");
  switch (typed.data.type) {
    case "welcome": {
      const welcome = z.safeParse(welcomeSchema, frame);
      return welcome.success ? { kind: "welcome", welcome: welcome.data } : unfit("welcome", welcome.error);
    }
    case "ping": {
      const ping = z.safeParse(pingSchema, frame);
      return ping.success ? { kind: "ping", t: ping.data.t } : unfit("ping", ping.error);
    }
    case "ack": {
      const ack = z.safeParse(ackSchema, frame);
      return ack.success ? { kind: "ack", ack: ack.data } : unfit("ack", ack.error);
    }
    default:
      return decodeEvent(frame, typed.data.type);
  }
}

function decodeEvent(frame: unknown, name: string): Incoming {
  const envelope = z.safeParse(eventFrameSchema, frame);
  if (!envelope.success) {
    const place = z.safeParse(placeSchema, frame);
    return place.success
      ? { kind: "event", ...place.data, event: null, problem: problemOf(name, envelope.error) }
      : unfit(name, envelope.error);
  }
  const { type, prev: before, data, ...rest } = envelope.data;
  const place = { kind: "event", epoch: rest.epoch, seq: rest.seq, prev: before } as const;
  if (isUnknownEventType(type)) return { ...place, event: { type, ...rest, data }, problem: "" };
  if (!isEventType(type)) return { ...place, event: null, problem: "" };
  const parsed = z.safeParse(eventDataSchemas[type], data);
  if (!parsed.success) return { ...place, event: null, problem: problemOf(type, parsed.error) };
  return { ...place, event: known(type, rest, parsed.data), problem: "" };
}

type Envelope = Omit<z.infer<typeof eventFrameSchema>, "type" | "prev" | "data">;

function known<T extends EventType>(type: T, envelope: Envelope, data: EventData[T]): EventOf<T> {
  return { type, ...envelope, data };
}

function unreadable(problem: string): Incoming {
  return { kind: "unreadable", problem };
}

function unfit(name: string, error: z.core.$ZodError): Incoming {
  return unreadable(problemOf(name, error));
}

function problemOf(name: string, error: z.core.$ZodError): string {
  // The name is the server's own text: shortened, so that garbage stays a line in a log.
  return `a frame ${JSON.stringify(name.slice(0, 64))} does not fit the contract: ${describeDetail(issuesToDetail(error.issues, "frame")).slice(0, 500)}`;
}
