/** The constants of the hash, made when they are needed first: of the roots of the first primes the first 32 bits behind the point. */
interface Constants {
  readonly initial: readonly number[];
  readonly rounds: readonly number[];
}

let constants: Constants | null = null;

/**
 * SHA-256 of a text, as 64 hexadecimal digits. It is written here since the platform's answers later, and not at all in a page over plain
 * http. Nothing secret may hang on how long it takes: a token of 256 random bits cannot be found from its hash, nor step by step.
 */
export function sha256(text: string): string {
  const { initial, rounds } = (constants ??= makeConstants());
  const words = paddedWords(utf8(text));
  const hash = Int32Array.from(initial);
  const schedule = new Int32Array(64);
  for (let block = 0; block < words.length; block += 16) {
    schedule.set(words.subarray(block, block + 16));
    for (let index = 16; index < 64; index += 1) {
      const [two, fifteen] = [at(schedule, index - 2), at(schedule, index - 15)];
      const low = turned(fifteen, 7) ^ turned(fifteen, 18) ^ (fifteen >>> 3);
      const high = turned(two, 17) ^ turned(two, 19) ^ (two >>> 10);
      schedule[index] = at(schedule, index - 16) + low + at(schedule, index - 7) + high;
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash;
    for (let index = 0; index < 64; index += 1) {
      const mixed = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
      const one = (h + mixed + ((e & f) ^ (~e & g)) + (rounds[index] ?? 0) + at(schedule, index)) | 0;
      const other = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + other) | 0];
    }
    for (const [index, value] of [a, b, c, d, e, f, g, h].entries()) hash[index] = at(hash, index) + value;
  }
  return Array.from(hash, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

/** The bytes of a text in UTF-8; jsdom has no `TextEncoder`. */
function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    // Half of a surrogate pair alone stands for no character.
    const code = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    const tail = (by: number): number => 0x80 | ((code >> by) & 63);
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), tail(0));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), tail(6), tail(0));
    else bytes.push(0xf0 | (code >> 18), tail(12), tail(6), tail(0));
  }
  return bytes;
}

/** The bytes as the hash wants them: a one behind them, then zeros, and in the end how many bits there were. */
function paddedWords(bytes: readonly number[]): Int32Array {
  const words = new Int32Array(((bytes.length + 8) >> 6) * 16 + 16);
  for (const [index, byte] of bytes.entries())
    words[index >> 2] = at(words, index >> 2) | (byte << (24 - 8 * (index & 3)));
  words[bytes.length >> 2] = at(words, bytes.length >> 2) | (0x80 << (24 - 8 * (bytes.length & 3)));
  words[words.length - 1] = bytes.length * 8;
  return words;
}

function makeConstants(): Constants {
  const primes: number[] = [];
  for (let number = 2; primes.length < 64; number += 1) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  }
  const bits = (root: number): number => ((root % 1) * 2 ** 32) | 0;
  return {
    initial: primes.slice(0, 8).map((prime) => bits(Math.sqrt(prime))),
    rounds: primes.map((prime) => bits(Math.cbrt(prime))),
  };
}

function at(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}

function turned(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}
