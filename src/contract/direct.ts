import type { AnyEvent } from "./events.js";

/**
 * The name under which a `fetch` that reaches a backend in the same page carries the shorter way to it. Registered, so that
 * an SDK and a backend find each other from bundles of their own.
 */
export const DIRECT: unique symbol = Symbol.for("oligarchy-agentvm.direct");

/**
 * A socket to a backend in the same page. Who sets this gets the events there, each a copy of its own, in the place of messages: those
 * of the stream one at a time with the `prev` of their frame, those of a `latest` frame together with null.
 */
export interface TakesEvents {
  [DIRECT]: ((events: readonly AnyEvent[], prev: number | null) => void) | null;
}
