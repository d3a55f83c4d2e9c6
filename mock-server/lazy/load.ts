import { getWork } from "#work";

/** The parts of a backend that a page does not load at once, each a chunk that is loaded when it is wanted. */
export const lazyParts = {
  /** The event stream. */
  live: () => import("./live.js"),
  /** HTTP, and the calls that few pages make. */
  seldom: () => import("./seldom.js"),
  /** Scripts and functions. In Node they are at hand. */
  work: getWork,
};
