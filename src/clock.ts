import type { Random } from "./contract/index.js";

/** The machine's own chance, for who hands in none. */
export function systemRandom(): Random {
  // eslint-disable-next-line no-restricted-properties -- the one place where the SDK takes chance from the machine
  return () => Math.random();
}
