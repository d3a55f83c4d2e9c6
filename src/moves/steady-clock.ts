import type { Clock } from "../contract/index.js";

/** The time of a clock that may be set back, as one that never goes back: agents whose time has come do not wait until it comes again. */
export function steadyTime(clock: Clock): () => number {
  let ahead = 0;
  let last = -Infinity;
  return () => {
    const now = clock.now() + ahead;
    if (now < last) ahead += last - now;
    else last = now;
    return last;
  };
}
