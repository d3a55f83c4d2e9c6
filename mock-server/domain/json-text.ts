import { BODY_VALUES_MAX } from "../../src/contract/limits.js";
import { EngineError, invalidRequest } from "./errors.js";

/** What a text of JSON may hold at the most. */
export interface JsonBounds {
  readonly values: number;
  /** Lists and objects one within the other, within what is outermost; what is deeper overflows the stack of whoever writes it again. */
  readonly levels: number;
}

/** The bounds of a body and of what a frame brings. */
export const JSON_BOUNDS: JsonBounds = { values: BODY_VALUES_MAX, levels: 64 };

const QUOTE = 0x22;
const COMMA = 0x2c;
const BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;

/** A list, or an object by its names. */
type Nest = unknown[] | Record<string, unknown>;

/** What a parsed text holds that cannot be kept as it was written, and where. */
interface Fault {
  readonly loc: (string | number)[];
  readonly msg: string;
  readonly type: string;
}

/**
 * Reads a body as JSON.
 *
 * @throws EngineError `payload_too_large` for more, `malformed_json`, or `invalid_request` for what cannot be kept as it was written.
 */
export function readJson(text: string, { values, levels }: JsonBounds = JSON_BOUNDS): unknown {
  // No text has more values than characters, so only long ones have to be gone through.
  if (text.length > values && countValues(text, values) > values) {
    throw new EngineError("payload_too_large", `The body holds more than ${values} values.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the body, which may hold a secret.
    throw new EngineError("malformed_json", "The body is not valid JSON.");
  }
  const fault = whyNotKept(value, text, "body", levels);
  if (fault !== null) throw fault;
  return value;
}

/**
 * How many values a text of JSON holds, and where they are more than `maximum` one more than that: texts, numbers, lists and objects, an
 * empty one as two. It is asked before the text is parsed, for a value costs many times what a character does.
 */
export function countValues(text: string, maximum: number): number {
  let values = 1;
  for (let index = 0; index < text.length && values <= maximum; index += 1) {
    switch (text.charCodeAt(index)) {
      case QUOTE:
        index = endOfText(text, index);
        break;
      case COMMA:
      case BRACKET:
      case BRACE:
        values += 1;
    }
  }
  return values;
}

/** Where a text within JSON ends. It is searched for and not gone through, which takes a hundredth of the time in long ones. */
function endOfText(text: string, start: number): number {
  for (let from = start + 1; ;) {
    const end = text.indexOf('"', from);
    if (end === -1) return text.length;
    let before = end;
    while (text.charCodeAt(before - 1) === BACKSLASH) before -= 1;
    // Of backslashes in a row every other one is escaped by the one before it.
    if ((end - before) % 2 === 0) return end;
    from = end + 1;
  }
}

/**
 * Why what a text was parsed into cannot be kept, or null. JSON can say things that would be something else when they are written again: a
 * number that is too large for any, a whole number of more digits than a number holds, the name `__proto__`. Those are refused. Zero has no
 * sign here: `-0` becomes `0` where it stands.
 *
 * @param text What it was parsed from: the digits of a number stand there alone.
 * @param root Where it stands, for the error.
 */
export function whyNotKept(
  value: unknown,
  text: string,
  root: string,
  levels = JSON_BOUNDS.levels,
): EngineError | null {
  // What stands alone is looked at as what stands in a list is.
  const fault = new Inspection(text, levels).faultIn([value], 0);
  if (fault === null) return null;
  const inner = fault.type === "too_deep" ? [] : fault.loc.slice(1);
  return invalidRequest([root, ...inner], fault.msg, fault.type);
}

class Inspection {
  readonly #text: string;
  readonly #levels: number;
  #inexact: ReadonlySet<number> | null = null;

  constructor(text: string, levels: number) {
    this.#text = text;
    this.#levels = levels;
  }

  faultIn(nest: Nest, level: number): Fault | null {
    // The outermost and the list that it was put into stand above the first level.
    if (level > this.#levels + 1) {
      return { loc: [], msg: `must not be nested deeper than ${this.#levels} levels`, type: "too_deep" };
    }
    if (Array.isArray(nest)) {
      const items: unknown[] = nest;
      for (let index = 0; index < items.length; index += 1) {
        const fault = this.#faultOf(items[index], index, level);
        if (fault !== null) return fault;
        if (Object.is(items[index], -0)) items[index] = 0;
      }
      return null;
    }
    for (const name in nest) {
      const fault = this.#faultOf(nest[name], name, level);
      if (fault !== null) return fault;
      if (Object.is(nest[name], -0)) nest[name] = 0;
    }
    return null;
  }

  #faultOf(value: unknown, name: string | number, level: number): Fault | null {
    if (name === "__proto__") return faultAt(name, "is a name that nothing may have", "invalid_name");
    if (typeof value === "number") {
      if (!Number.isFinite(value)) return faultAt(name, "is larger than any number", "too_big");
      return this.#isInexact(value)
        ? faultAt(name, "has more digits than a number holds; send it as text", "inexact")
        : null;
    }
    if (!isNest(value)) return null;
    const fault = this.faultIn(value, level + 1);
    fault?.loc.unshift(name);
    return fault;
  }

  #isInexact(value: number): boolean {
    if (Number.isSafeInteger(value) || !Number.isInteger(value)) return false;
    return (this.#inexact ??= inexactIntegers(this.#text)).has(value);
  }
}

/** The whole numbers of a text whose digits are not those that are written for what they are read as. */
function inexactIntegers(text: string): ReadonlySet<number> {
  const numbers =
    text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"/g, '""').match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g) ?? [];
  const whole = numbers.filter((digits) => /^-?\d{16,}$/.test(digits));
  return new Set(whole.filter((digits) => String(Number(digits)) !== digits).map(Number));
}

function faultAt(name: string | number, msg: string, type: string): Fault {
  return { loc: [name], msg, type };
}

function isNest(value: unknown): value is Nest {
  return typeof value === "object" && value !== null;
}
