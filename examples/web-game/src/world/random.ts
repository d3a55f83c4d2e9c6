/** Numbers from 0 up to, not including, 1. */
export type Chance = () => number;

/** A stream of chance that is the same for the same seed (mulberry32). */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of a list. @throws RangeError for an empty one. */
export function pick<T>(list: readonly T[], chance: Chance): T {
  const found = list[Math.floor(chance() * list.length)];
  if (found === undefined) throw new RangeError("Nothing can be picked from an empty list.");
  return found;
}

/** A list in another order. */
export function shuffled<T>(list: readonly T[], chance: Chance): T[] {
  const rest = [...list];
  const mixed: T[] = [];
  while (rest.length > 0) mixed.push(...rest.splice(Math.floor(chance() * rest.length), 1));
  return mixed;
}
