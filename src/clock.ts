import type { Random } from "./contract/index.js";

/** The machine's own chance. */
export function systemRandom(): Random {
  return () => Math.random();
}
