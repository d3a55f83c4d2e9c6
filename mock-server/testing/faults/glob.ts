/** Whether a text is what a pattern says, in which a star stands for anything. Its cost is bounded: there is nothing to go back to. */
export function globFits(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/** Whether there is a text that fits both patterns. */
export function globsMeet(one: string, other: string): boolean {
  // Row by row: whether the ends of both that begin here have a text in common.
  let below: boolean[] = [];
  for (let i = one.length; i >= 0; i -= 1) {
    const row: boolean[] = [];
    for (let j = other.length; j >= 0; j -= 1) {
      const isEnd = i === one.length && j === other.length;
      const skips = (one[i] === "*" && below[j] === true) || (other[j] === "*" && row[j + 1] === true);
      const takes =
        (one[i] === "*" && j < other.length && row[j + 1] === true) ||
        (other[j] === "*" && i < one.length && below[j] === true);
      const same = i < one.length && one[i] === other[j] && below[j + 1] === true;
      row[j] = isEnd || skips || takes || same;
    }
    below = row;
  }
  return below[0] === true;
}
