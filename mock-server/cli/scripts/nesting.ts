import { Lexer } from "yaml";

/** Brackets that may be open at the same time; a script needs a dozen. */
const OPEN_MAX = 64;

/**
 * Whether a text is nested deeper than scripts are. The parser goes down the nesting by calling itself, and ends the whole
 * process where the stack does. What stands in quotes or in a block of text, a diff say, is not counted.
 */
export function nestsTooDeep(text: string): boolean {
  if (/^[ \t]*(?:[-?:][ \t]+){16}/m.test(text) || /^ {200}/m.test(text)) return true;
  let open = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === "[" || token === "{") open += 1;
    else if (token === "]" || token === "}") open -= 1;
    if (open > OPEN_MAX) return true;
  }
  return false;
}
