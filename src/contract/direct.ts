import type { EventType } from "./event-types.js";
import type { AnyEvent } from "./events.js";
import type { Positions } from "./frames.js";

/**
 * The name under which a `fetch` that reaches a backend in the same page carries the shorter way to it. Registered, so that
 * an SDK and a backend find each other from bundles of their own.
 */
export const DIRECT: unique symbol = Symbol.for("oligarchy-agentvm.direct");

/** What a class of sockets to a backend in the same page carries under {@link DIRECT}: called, it begins to load what a socket needs. */
export type PrepareSocket = () => void;

/** What a socket to a backend in the same page carries under {@link DIRECT}: what is sent most often crosses without becoming text. */
export interface DirectSocket {
  /**
   * Who sets this gets the events there, each a copy of its own, in the place of messages: those of the stream one at a time with
   * the `prev` of their frame, those of a `latest` frame together with null.
   */
  onevents: ((events: readonly AnyEvent[], prev: number | null) => void) | null;
  /** Whether somebody listens to events of a type; what nobody hears of a `latest` frame is left out. All is heard where this is null. */
  hears: ((type: EventType) => boolean) | null;
  /** Sends what a `positions` frame says, in order with the messages. It is read later, so it is not to be changed. */
  sendPositions(positions: Positions): void;
}
