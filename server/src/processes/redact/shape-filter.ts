import { REDACTED } from "./value-filter.js";

/**
 * What a key looks like, whoever's it is. Each is bounded, or begins where no other of its kind can, so that the time for a text grows with
 * its length alone. The first group is what stays.
 */
const SHAPES = new RegExp(
  [
    // Anthropic, OpenAI and those who took it from them. One without a digit is a word, such as a class of a stylesheet.
    String.raw`\bsk-(?=[A-Za-z_-]{0,64}[0-9])[A-Za-z0-9_-]{20,}`,
    String.raw`\b(?:gh[pousr]_|github_pat_|glpat-|npm_|hf_|pypi-)[A-Za-z0-9_-]{20,}`,
    String.raw`\bxox[a-z]-[A-Za-z0-9-]{16,}`,
    String.raw`\b(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])`,
    String.raw`\bAIza[A-Za-z0-9_-]{35}`,
    String.raw`(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,512}\.[A-Za-z0-9_-]{8,8192}\.[A-Za-z0-9_-]{8,}`,
    String.raw`(?<kept>\b[Bb]earer\s{1,4})[A-Za-z0-9._~+/=-]{16,}`,
    String.raw`(?<host>:\/\/[^\s/:@"']{0,64}:)[^\s/@"']{1,256}(?=@)`,
    String.raw`(?<block>-----BEGIN (?:[A-Z0-9]{2,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----)`,
  ].join("|"),
  "g",
);

/** Characters that go on with a key that was found at the end of a piece. */
const MORE_OF_A_KEY = /[A-Za-z0-9._~+/=-]*/y;

/** What stands in a block of a private key: base64, headers, and line ends, which may be written as in JSON. */
const MORE_OF_A_BLOCK = /(?:[A-Za-z0-9+/=\s\\]|-(?!----)|:[^\n\\"'<>]*)*/y;
const END_OF_A_BLOCK = /-----END[A-Z0-9 ]{0,40}-----/y;

/** Characters of a block whose end does not come, after which it is taken for over. */
const BLOCK_MAX = 65_536;

/** Characters at the end of a piece that may be the beginning of a key, at the most. */
const KEPT_MAX = 1_024;

/** What stands before a key that has a space behind it, at the end of a text. */
const BEFORE_A_KEY = /(?:-----BEGIN [A-Z0-9 ]{0,40}|\b[Bb]earer\s{1,4})$/;

/** Takes out of a text that comes in pieces what looks like a key. */
export class ShapeFilter {
  /** What may be the beginning of a key, and how much of it was looked at already. */
  #kept = "";
  #inside: "key" | "block" | null = null;
  #block = 0;

  /** Takes one more piece, without line ends, and gives what is sure by now. */
  push(text: string): string {
    this.#kept += text;
    // One that comes character by character is not looked at again for each of them.
    if (this.#kept.length < 2 * KEPT_MAX && this.#kept !== text && !/\s/.test(text)) return "";
    return this.#give(this.#kept, beginningOfAKey(this.#kept));
  }

  /** Takes the last piece of a line, and gives all of it. */
  endLine(text: string): string {
    const buffer = this.#kept + text;
    const given = this.#give(buffer, buffer.length);
    // A key does not go on in the next line, a block does.
    if (this.#inside === "key") this.#inside = null;
    return given;
  }

  /** Gives the buffer up to `cut`, or further where a key lies over it; the rest is kept. */
  #give(buffer: string, cut: number): string {
    let from = this.#goOn(buffer, 0);
    let given = "";
    SHAPES.lastIndex = from;
    for (let found = SHAPES.exec(buffer); found !== null && found.index < cut; found = SHAPES.exec(buffer)) {
      const end = found.index + found[0].length;
      given += `${buffer.slice(from, found.index)}${found.groups?.["kept"] ?? found.groups?.["host"] ?? ""}${REDACTED}`;
      if (found.groups?.["block"] !== undefined) this.#inside = "block";
      else if (end === buffer.length) this.#inside = "key";
      this.#block = 0;
      from = this.#goOn(buffer, end);
      SHAPES.lastIndex = from;
    }
    const to = Math.max(from, cut);
    given += buffer.slice(from, to);
    this.#kept = buffer.slice(to);
    return given;
  }

  /** Where what is inside of a key or a block ends; it is not over where that is the end of the buffer. */
  #goOn(buffer: string, from: number): number {
    if (this.#inside === null) return from;
    const end = stretch(this.#inside === "key" ? MORE_OF_A_KEY : MORE_OF_A_BLOCK, buffer, from);
    this.#block += end - from;
    if (end === buffer.length && this.#block < BLOCK_MAX) return end;
    const over = this.#inside === "block" ? stretch(END_OF_A_BLOCK, buffer, end) : end;
    this.#inside = null;
    return over;
  }
}

/** Where the end of a text begins in which a key could have begun: it has no space, but for what stands before some keys. */
function beginningOfAKey(text: string): number {
  const farthest = Math.max(0, text.length - KEPT_MAX);
  let from = text.length;
  while (from > farthest && !/\s/.test(text.charAt(from - 1))) from -= 1;
  const before = BEFORE_A_KEY.exec(text.slice(Math.max(0, from - 64), from));
  return before === null ? from : from - before[0].length;
}

function stretch(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return from + (pattern.exec(text)?.[0].length ?? 0);
}
