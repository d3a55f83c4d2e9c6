import * as live from "./live.js";
import * as seldom from "./seldom.js";
import { getWork } from "./work-at-hand.js";

/** The same parts for a backend that is one file: nothing is left to load. */
export const wholeParts = {
  live: () => Promise.resolve(live),
  seldom: () => Promise.resolve(seldom),
  work: getWork,
};
