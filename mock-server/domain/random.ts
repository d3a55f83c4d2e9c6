/** A source of numbers that gives the same ones again for the same seed. */
export interface SeededRandom {
  /** The next number, from 0 up to but not including 1. */
  next(): number;
  /** Where it stands, for a snapshot. */
  state(): number[];
  /** Puts it where {@link state} said. Throws RangeError for what is no such state. */
  restore(state: readonly number[]): void;
  /** A source of its own for the thing named; taking it changes nothing here, so the order of forks does not matter. */
  fork(name: string): SeededRandom;
}

/** Makes a source from a seed; any finite number is one. */
export function createRandom(seed: number): SeededRandom {
  return new Sfc32(expand(hashText(String(seed), 0x9e3779b9)));
}

/** A whole number from the text, 32 bits; not for secrets. */
export function hashText(text: string, seed: number): number {
  let hash = seed ^ text.length;
  for (let index = 0; index < text.length; index += 1) {
    hash = mix(hash ^ text.charCodeAt(index));
  }
  return hash >>> 0;
}

/** Stirs 32 bits; different inputs give different outputs. */
export function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

type Words = [root: number, a: number, b: number, c: number, counter: number];

function expand(root: number): Words {
  return [root, mix(root ^ 0x243f6a88), mix(root ^ 0x85a308d3), mix(root ^ 0x13198a2e), 1];
}

/** Chris Doty-Humphrey's small fast chaotic generator; `root` is what forks are named from. */
class Sfc32 implements SeededRandom {
  #words: Words;

  constructor(words: Words) {
    this.#words = words;
    for (let round = 0; round < 12; round += 1) this.next();
  }

  next(): number {
    const [root, a, b, c, counter] = this.#words;
    const result = (a + b + counter) | 0;
    const rotated = (c << 21) | (c >>> 11);
    this.#words = [root, b ^ (b >>> 9), (c + (c << 3)) | 0, (rotated + result) | 0, (counter + 1) | 0];
    return (result >>> 0) / 4_294_967_296;
  }

  state(): number[] {
    return [...this.#words];
  }

  restore(state: readonly number[]): void {
    const [root, a, b, c, counter, ...rest] = state;
    if (rest.length > 0 || !isInt(root) || !isInt(a) || !isInt(b) || !isInt(c) || !isInt(counter)) {
      throw new RangeError("The state of a random source is five whole numbers.");
    }
    this.#words = [root, a, b, c, counter];
  }

  fork(name: string): SeededRandom {
    return new Sfc32(expand(hashText(name, this.#words[0])));
  }
}

function isInt(value: number | undefined): value is number {
  return Number.isSafeInteger(value);
}
