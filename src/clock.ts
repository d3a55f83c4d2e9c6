import type { Random } from "./contract/index.js";

/**
 * The machine's own chance, for who hands in none. A game may have made `Math.random` one that says the same in each of its lives, for
 * its replays; what is named by chance here must not be named alike in the next life.
 */
export function systemRandom(): Random {
  let salt: number | null = null;
  return () => {
    salt ??= ownSalt();
    // eslint-disable-next-line no-restricted-properties -- the one place where the SDK takes chance from the machine
    return (Math.random() + salt) % 1;
  };
}

function ownSalt(): number {
  if (typeof crypto === "undefined") return 0;
  const [salt = 0] = crypto.getRandomValues(new Uint32Array(1));
  return salt / 2 ** 32;
}
