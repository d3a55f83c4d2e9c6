import type { Random } from "../../contract/index.js";

const FIRST_MS = 250;
const LONGEST_MS = 8_000;

/** Milliseconds before try `attempt + 2`: exponential with full jitter, from the first retry on. */
export function backoff(attempt: number, random: Random): number {
  return random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
}
