/** Bytes that a text takes in UTF-8. A half surrogate counts as the mark that replaces it on the wire. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else bytes += 2;
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const next = text.charCodeAt(index + 1);
      if (next >= 0xdc00 && next <= 0xdfff) index += 1;
    }
  }
  return bytes;
}

/** The text's beginning in at most `maximum` bytes of UTF-8, no character cut in two. */
export function truncateUtf8(text: string, maximum: number): string {
  if (text.length * 3 <= maximum) return text;
  let bytes = 0;
  let kept = "";
  for (const character of text) {
    bytes += utf8Length(character);
    if (bytes > maximum) return kept;
    kept += character;
  }
  return kept;
}
