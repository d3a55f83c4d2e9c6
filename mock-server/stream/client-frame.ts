import * as z from "../../src/contract/zod.js";
import { check, checked, describeProblems, fits, list } from "../../src/contract/schema.js";
import { POSITION_UPDATES_MAX } from "../../src/contract/agents.js";
import { viewerFrameSchema } from "../../src/contract/detail.js";
import {
  commandFrameSchema,
  pongSchema,
  positionsFrameSchema,
  WORK_METHODS,
} from "../../src/contract/frames.js";
import { idSchema } from "../../src/contract/primitives.js";

import type {
  CommandFrame,
  CommandMethod,
  Schema,
  ViewerFrame,
  WorkMethod,
} from "../../src/contract/index.js";
import { whyNotKept, type EngineError } from "../domain/index.js";
import type { ClientMessage, HandedPositions } from "./connection.js";
import { badFrame, readFrame, type RawFrame, type Read } from "./read-frame.js";

/** A frame that came after the hello. */
export type Incoming =
  | { readonly kind: "pong" }
  | { readonly kind: "positions"; readonly frame: PositionsEnvelope }
  | { readonly kind: "command"; readonly command: IncomingCommand<CommandMethod> }
  | { readonly kind: "work"; readonly command: IncomingCommand<WorkMethod> }
  | { readonly kind: "viewer"; readonly frame: ViewerFrame };

/** A command as it came. */
export interface IncomingCommand<M extends CommandFrame["method"] = CommandFrame["method"]> {
  readonly frame: CommandFrame & { readonly method: M };
  /** What it was read from. */
  readonly text: string;
  /** Why its parameters cannot be kept as they were written; null where they can. */
  readonly fault: EngineError | null;
}

/** What a positions frame must be as a whole; its updates are looked at where they are done. */
const positionsEnvelopeSchema = z.strictObject({
  ...positionsFrameSchema.shape,
  updates: checked(list(z.unknown(), POSITION_UPDATES_MAX), z.minLength(1)),
});
/** A `positions` frame whose updates nobody has looked at. */
export type PositionsEnvelope = z.output<typeof positionsEnvelopeSchema>;

/** Reads one message of a client that has said hello. Of a positions frame the updates are not looked at yet; anything else that does not fit is a bad frame. */
export function readClientFrame(message: ClientMessage, maximumBytes: number): Read<Incoming> {
  if (typeof message !== "string") {
    const frame = { type: "positions", ...message } as const;
    return isSound(frame) ? { ok: true, value: { kind: "positions", frame } } : readPositions(frame);
  }
  const read = readFrame(message, maximumBytes);
  if (!read.ok) return read;
  const raw = read.value;
  switch (raw.type) {
    case "pong":
      return parse(pongSchema, raw, () => ({ kind: "pong" }));
    case "positions":
      return readPositions(raw);
    case "command": {
      const fault = whyNotKept(raw["params"], message, "params");
      return parse(commandFrameSchema, raw, ({ method, ...frame }) =>
        isWork(method)
          ? { kind: "work", command: { frame: { ...frame, method }, text: message, fault } }
          : { kind: "command", command: { frame: { ...frame, method }, text: message, fault } },
      );
    }
    case "viewer":
      return parse(viewerFrameSchema, raw, (frame) => ({ kind: "viewer", frame }));
    case "hello":
      return badFrame("a second hello");
    default:
      return badFrame("unknown type");
  }
}

function isWork(method: CommandFrame["method"]): method is WorkMethod {
  return WORK_METHODS.some((one) => one === method);
}

/** Whether positions that were handed over are a frame. They come with every frame of a game: the list is not gone through. */
function isSound(frame: RawFrame & HandedPositions): frame is RawFrame & PositionsEnvelope {
  const { id, client_id, updates } = frame;
  if (updates.length === 0 || updates.length > POSITION_UPDATES_MAX) return false;
  return [id, client_id].every((name) => name === undefined || fits(idSchema, name));
}

function readPositions(raw: RawFrame): Read<Incoming> {
  return parse(positionsEnvelopeSchema, raw, (frame) => ({ kind: "positions", frame }));
}

function parse<S extends Schema>(
  schema: S,
  raw: RawFrame,
  take: (value: z.output<S>) => Incoming,
): Read<Incoming> {
  const checked = check(schema, raw, raw.type);
  return checked.ok
    ? { ok: true, value: take(checked.value) }
    : badFrame(describeProblems(checked.problems.slice(0, 1)));
}
