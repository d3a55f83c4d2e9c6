import * as s from "../../src/contract/schema/index.js";
import { noMoreItems, someItems } from "../../src/contract/schema/rules.js";
import { POSITION_UPDATES_MAX, positionUpdateSchema } from "../../src/contract/agents.js";
import { viewerFrameSchema } from "../../src/contract/detail.js";
import { commandFrameSchema, pongSchema } from "../../src/contract/frames.js";
import { check, describeProblems } from "../../src/contract/schema/schema.js";
import type { CommandFrame, PositionUpdate, ViewerFrame } from "../../src/contract/index.js";
import { badFrame, readFrame, type RawFrame, type Read } from "./read-frame.js";

/** A frame that came after the hello. */
export type Incoming =
  | { readonly kind: "pong" }
  | { readonly kind: "positions"; readonly updates: readonly PositionUpdate[] }
  | { readonly kind: "command"; readonly frame: CommandFrame }
  | { readonly kind: "viewer"; readonly frame: ViewerFrame };

/** What a positions frame must be as a whole; its updates are looked at one by one. */
const positionsEnvelopeSchema = s.strictObject({
  type: s.literal("positions"),
  updates: s.array(s.unknown(), someItems, noMoreItems(POSITION_UPDATES_MAX)),
});

/**
 * Reads one message of a client that has said hello.
 *
 * A positions frame stands for a game's frame, has no answer and may hold one bad number among a thousand good ones: an
 * update that does not fit is dropped and the others are kept. Who wants to know sends the command `agents.moveMany`.
 * Anything else that does not fit is a bad frame.
 */
export function readClientFrame(text: string, maximumBytes: number): Read<Incoming> {
  const read = readFrame(text, maximumBytes);
  if (!read.ok) return read;
  const raw = read.value;
  switch (raw.type) {
    case "pong":
      return parse(pongSchema, raw, () => ({ kind: "pong" }));
    case "positions":
      return parse(positionsEnvelopeSchema, raw, ({ updates }) => ({
        kind: "positions",
        updates: updates.flatMap((update) => {
          const checked = check(positionUpdateSchema, update, "update");
          return checked.ok ? [checked.value] : [];
        }),
      }));
    case "command":
      return parse(commandFrameSchema, raw, (frame) => ({ kind: "command", frame }));
    case "viewer":
      return parse(viewerFrameSchema, raw, (frame) => ({ kind: "viewer", frame }));
    case "hello":
      return badFrame("a second hello");
    default:
      return badFrame("unknown type");
  }
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
