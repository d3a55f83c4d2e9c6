/** Brackets that a profile may open; its sections need none at all. */
const BRACKETS_MAX = 100;

/**
 * Whether a text is nested deeper than any profile is. The parser goes down the nesting by calling itself and ends
 * the whole process, with no error to catch, where the stack does; so what could lead there is refused before.
 */
export function nestsTooDeep(text: string): boolean {
  if ((text.match(/[[{]/g) ?? []).length > BRACKETS_MAX) return true;
  return /^[ \t]*(?:[-?:][ \t]+){16}/m.test(text) || /^ {200}/m.test(text);
}
