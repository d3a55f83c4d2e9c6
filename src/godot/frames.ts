import type { Clock } from "../contract/index.js";

/** Calls back at the next frame that the page draws. While it draws none, nothing is called: a game does not run then either. */
export interface Frames {
  /** Gives its own undo. */
  next(callback: () => void): () => void;
}

/** Milliseconds of a frame where there is no page to draw one. */
const FRAME_MS = 16;

/** The page's frames, or the clock's where there is no page. */
export function pageFrames(clock: Clock): Frames {
  return {
    next(callback) {
      // eslint-disable-next-line no-restricted-globals -- the one place that asks the page for its frames
      if (typeof requestAnimationFrame !== "function") return clock.setTimeout(callback, FRAME_MS);
      // eslint-disable-next-line no-restricted-globals -- as above
      const handle = requestAnimationFrame(callback);
      return () => cancelAnimationFrame(handle);
    },
  };
}
