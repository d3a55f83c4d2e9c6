/** Bytes of a character in UTF-8; half of a surrogate pair alone is sent as U+FFFD, three bytes. */
function bytesOfCodePoint(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

/** A character of more than one byte. */
const LONG = /[\u0080-\uffff]/;

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  // Most texts are of characters of one byte each, and that is soon seen.
  const first = text.search(LONG);
  if (first === -1) return text.length;
  let bytes = first;
  for (let index = first; index < text.length;) {
    const codePoint = text.codePointAt(index) ?? 0;
    bytes += bytesOfCodePoint(codePoint);
    index += codePoint > 0xffff ? 2 : 1;
  }
  return bytes;
}

/** Cuts a text at a byte; within a character, at its start. Tells where it was cut. */
export function splitAtByte(text: string, byte: number): { index: number; byte: number } {
  let bytes = 0;
  let index = 0;
  while (index < text.length) {
    const codePoint = text.codePointAt(index) ?? 0;
    const next = bytes + bytesOfCodePoint(codePoint);
    if (next > byte) break;
    bytes = next;
    index += codePoint > 0xffff ? 2 : 1;
  }
  return { index, byte: bytes };
}

/** Characters of a text as people count them more or less: a surrogate pair is one. */
export function charactersOf(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; count += 1) {
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  }
  return count;
}

/** The text in one line of at most `maximum` characters, an ellipsis where it was cut. */
export function excerptOf(text: string, maximum: number): string {
  const whole = text.length <= maximum * 4;
  const looked = whole ? text : text.slice(0, maximum * 4).replace(/[\uD800-\uDBFF]$/, "");
  const characters = Array.from(looked.replace(/\s+/g, " ").trim());
  if (whole && characters.length <= maximum) return characters.join("");
  return `${characters.slice(0, maximum - 1).join("")}…`;
}
