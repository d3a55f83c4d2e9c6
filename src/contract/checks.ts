import type * as z from "zod/mini";

/*
 * The checks of zod that the contract uses, each with zod's own definition, from which JSON Schema is made, and zod's own
 * issues. zod's classes for them weigh five times as much in every page.
 */

type Check<T> = z.core.$ZodCheck<T>;

/** What zod tells of a value that does not pass. */
type Problem =
  | {
      readonly code: "too_small";
      readonly origin: string;
      readonly minimum: number;
      readonly inclusive: boolean;
    }
  | { readonly code: "too_big"; readonly origin: string; readonly maximum: number; readonly inclusive: true }
  | { readonly code: "invalid_type"; readonly expected: "int"; readonly continue: false }
  | {
      readonly code: "invalid_format";
      readonly format: "regex";
      readonly input: string;
      readonly message: string;
    };

/** A check's definition beside its name: whatever JSON Schema reads for it. */
interface Definition extends z.core.$ZodCheckDef {
  readonly [detail: string]: unknown;
}

function check<T>(def: Definition, problem: (value: T) => Problem | undefined): Check<T> {
  return {
    _zod: {
      def,
      onattach: [],
      check({ value, issues }) {
        const found = problem(value);
        if (found) issues.push({ continue: true, input: value, ...found });
      },
    },
  };
}

function low(origin: string, minimum: number, inclusive: boolean): Problem {
  return { code: "too_small", origin, minimum, inclusive };
}

function high(origin: string, maximum: number): Problem {
  return { code: "too_big", origin, maximum, inclusive: true };
}

/** A number from `value` up. */
export function atLeast(value: number): Check<number> {
  return check({ check: "greater_than", value, inclusive: true }, (given) =>
    given >= value ? undefined : low("number", value, true),
  );
}

/** A number above `value`. */
export function above(value: number): Check<number> {
  return check({ check: "greater_than", value, inclusive: false }, (given) =>
    given > value ? undefined : low("number", value, false),
  );
}

/** A number up to `value`. */
export function atMost(value: number): Check<number> {
  return check({ check: "less_than", value, inclusive: true }, (given) =>
    given <= value ? undefined : high("number", value),
  );
}

/** A whole number that JavaScript holds exactly. */
export const whole: Check<number> = check({ check: "number_format", format: "safeint" }, (given) => {
  if (!Number.isInteger(given)) return { code: "invalid_type", expected: "int", continue: false };
  if (Number.isSafeInteger(given)) return undefined;
  return given > 0 ? high("int", Number.MAX_SAFE_INTEGER) : low("int", Number.MIN_SAFE_INTEGER, true);
});

type Sized = string | readonly unknown[];

function originOf(given: Sized): string {
  return typeof given === "string" ? "string" : "array";
}

/** A length is told even where something in the list is wrong too. */
function when({ value }: z.core.ParsePayload): boolean {
  return typeof value === "string" || Array.isArray(value);
}

/** A text of one character or a list of one item at the least. */
export const notEmpty: Check<Sized> = check({ check: "min_length", minimum: 1, when }, (given) =>
  given.length > 0 ? undefined : low(originOf(given), 1, true),
);

/** A text of at most `maximum` characters or a list of at most so many items. */
export function noLonger(maximum: number): Check<Sized> {
  return check({ check: "max_length", maximum, when }, (given) =>
    // A character takes up to two places, so that this slice tells; `Array.from` takes characters apart, not places.
    given.length <= maximum || Array.from(given.slice(0, 2 * maximum + 1)).length <= maximum
      ? undefined
      : high(originOf(given), maximum),
  );
}

/** A text that fits `pattern`; `message` says what it must be, after the name of the field. */
export function matching(pattern: RegExp, message: string): Check<string> {
  return check({ check: "string_format", format: "regex", pattern }, (given) =>
    pattern.test(given) ? undefined : { code: "invalid_format", format: "regex", input: given, message },
  );
}
