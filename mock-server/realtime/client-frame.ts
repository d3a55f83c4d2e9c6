import * as s from "../../src/contract/schema/index.js";
import { noMoreItems, someItems } from "../../src/contract/schema/rules.js";
import { POSITION_UPDATES_MAX } from "../../src/contract/agents.js";
import { viewerFrameSchema } from "../../src/contract/detail.js";
import { commandFrameSchema, pongSchema } from "../../src/contract/frames.js";
import { check, describeProblems } from "../../src/contract/schema/schema.js";
import type { CommandFrame, ViewerFrame } from "../../src/contract/index.js";
import { whyNotKept, type EngineError } from "../engine/index.js";
import type { ClientMessage } from "./connection.js";
import { badFrame, readFrame, type RawFrame, type Read } from "./read-frame.js";

/** A frame that came after the hello. */
export type Incoming =
  | { readonly kind: "pong" }
  | { readonly kind: "positions"; readonly updates: readonly unknown[] }
  | { readonly kind: "command"; readonly command: IncomingCommand }
  | { readonly kind: "viewer"; readonly frame: ViewerFrame };

/** A command as it came. */
export interface IncomingCommand {
  readonly frame: CommandFrame;
  /** What it was read from. */
  readonly text: string;
  /** Why its parameters cannot be kept as they were written; null where they can. */
  readonly fault: EngineError | null;
}

/** What a positions frame must be as a whole; its updates are looked at where they are done. */
const positionsEnvelopeSchema = s.strictObject({
  type: s.literal("positions"),
  updates: s.array(s.unknown(), someItems, noMoreItems(POSITION_UPDATES_MAX)),
});

/** Reads one message of a client that has said hello. Of a positions frame the updates are not looked at yet; anything else that does not fit is a bad frame. */
export function readClientFrame(message: ClientMessage, maximumBytes: number): Read<Incoming> {
  if (typeof message !== "string") {
    const isOne = message.length > 0 && message.length <= POSITION_UPDATES_MAX;
    // It comes with every frame of a game, and one of a right length can be nothing else.
    if (isOne) return { ok: true, value: { kind: "positions", updates: message } };
    return readPositions({ type: "positions", updates: message });
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
      return parse(commandFrameSchema, raw, (frame) => ({
        kind: "command",
        command: { frame, text: message, fault },
      }));
    }
    case "viewer":
      return parse(viewerFrameSchema, raw, (frame) => ({ kind: "viewer", frame }));
    case "hello":
      return badFrame("a second hello");
    default:
      return badFrame("unknown type");
  }
}

function readPositions(raw: RawFrame): Read<Incoming> {
  return parse(positionsEnvelopeSchema, raw, ({ updates }) => ({ kind: "positions", updates }));
}

function parse<S extends s.Schema>(
  schema: S,
  raw: RawFrame,
  take: (value: s.Output<S>) => Incoming,
): Read<Incoming> {
  const checked = check(schema, raw, raw.type);
  return checked.ok
    ? { ok: true, value: take(checked.value) }
    : badFrame(describeProblems(checked.problems.slice(0, 1)));
}
