/** What repeats something, in the source of a pattern: after it, how often at the most matters for how long a match may take. */
const REPEAT = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/;

/** Parts of a pattern that may repeat something, one beside the other: each multiplies the time that a match may take. */
const REPEATS_MAX = 3;

/** What a group under way has in it. */
interface Group {
  repeats: boolean;
  choices: boolean;
}

/**
 * Why a pattern could take for ever with some text; null where it cannot. A group that repeats may have in it neither what repeats
 * nor alternatives, and no more than three parts repeat at all; back references and looking around are refused.
 */
export function whyUnsafe({ source }: RegExp): string | null {
  const open: Group[] = [{ repeats: false, choices: false }];
  let closed: Group | null = null;
  let repeats = 0;
  let place = 0;
  while (place < source.length) {
    const rest = source.slice(place);
    const group = open.at(-1);
    if (group === undefined) return "is not balanced";
    const repeat = REPEAT.exec(rest)?.[0];
    if (repeat !== undefined && place > 0) {
      // Exactly so often, and of one sign, costs nothing.
      const isFixed = /^\{\d+\}$/.test(repeat);
      const isMaybe = repeat.startsWith("?");
      if (closed !== null && !isMaybe && (closed.repeats || closed.choices))
        return "repeats a group that has a repetition or alternatives in it";
      if (!isFixed) {
        repeats += isMaybe && closed === null ? 0.25 : 1;
        if (repeats > REPEATS_MAX) return `repeats more than ${REPEATS_MAX} things`;
      }
      for (const one of open) one.repeats = true;
      closed = null;
      place += repeat.length;
      continue;
    }
    closed = null;
    if (/^\\(?:[1-9]|k<)/.test(rest)) return "refers back to a group";
    if (/^\(\?<?[=!]/.test(rest)) return "looks ahead or back";
    if (rest.startsWith("\\")) place += 2;
    else if (rest.startsWith("[")) place += /^\[(?:\\.|[^\]\\])*\]?/s.exec(rest)?.[0].length ?? 1;
    else if (rest.startsWith("(")) {
      open.push({ repeats: false, choices: false });
      place += /^\((?:\?(?::|<[^>]*>))?/.exec(rest)?.[0].length ?? 1;
    } else {
      if (rest.startsWith(")")) closed = open.pop() ?? null;
      else if (rest.startsWith("|")) for (const one of open) one.choices = true;
      place += 1;
    }
  }
  return null;
}

/** The pattern of a text like `/fix|mend/i`, as files have it; null where the text is none. */
export function patternOf(text: string): RegExp | null {
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/s.exec(text) ?? [];
  return source === undefined ? null : new RegExp(source, flags);
}
