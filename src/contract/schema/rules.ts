import type { Rule } from "./schema.js";

/** A number from `minimum` up. */
/* @__NO_SIDE_EFFECTS__ */ export function atLeast(minimum: number): Rule<number> {
  return {
    holds: (value) => value >= minimum,
    says: `must be at least ${minimum}`,
    type: "too_small",
    json: { minimum },
  };
}

/** A number above `bound`. */
/* @__NO_SIDE_EFFECTS__ */ export function above(bound: number): Rule<number> {
  return {
    holds: (value) => value > bound,
    says: `must be more than ${bound}`,
    type: "too_small",
    json: { exclusiveMinimum: bound },
  };
}

/** A number up to `maximum`. */
/* @__NO_SIDE_EFFECTS__ */ export function atMost(maximum: number): Rule<number> {
  return {
    holds: (value) => value <= maximum,
    says: `must be at most ${maximum}`,
    type: "too_big",
    json: { maximum },
  };
}

/** A whole number that JavaScript holds exactly. */
export const whole: Rule<number> = {
  holds: Number.isSafeInteger,
  says: "must be an integer",
  type: "invalid_type",
  json: { type: "integer" },
};

/** A text of one character at the least. */
export const notEmpty: Rule<string> = {
  holds: (value) => value !== "",
  says: "must be at least 1 character long",
  type: "too_small",
  json: { minLength: 1 },
};

/** A text of at most `maximum` characters. */
/* @__NO_SIDE_EFFECTS__ */ export function noLonger(maximum: number): Rule<string> {
  return {
    // A character takes up to two places, so that this slice tells; `Array.from` takes characters apart, not places.
    holds: (value) =>
      value.length <= maximum || Array.from(value.slice(0, 2 * maximum + 1)).length <= maximum,
    says: `must be at most ${maximum} characters long`,
    type: "too_big",
    json: { maxLength: maximum },
  };
}

/** A text that fits `pattern`; `says` is what it must be, after the name of the field. */
/* @__NO_SIDE_EFFECTS__ */ export function matching(pattern: RegExp, says: string): Rule<string> {
  return {
    holds: (value) => pattern.test(value),
    says,
    type: "invalid_format",
    json: { pattern: pattern.source },
  };
}

/** A list of one item at the least. */
export const someItems: Rule<readonly unknown[]> = {
  holds: (value) => value.length > 0,
  says: "must have at least 1 item",
  type: "too_small",
  json: { minItems: 1 },
};

/** A list of at most `maximum` items. */
/* @__NO_SIDE_EFFECTS__ */ export function noMoreItems(maximum: number): Rule<readonly unknown[]> {
  return {
    holds: (value) => value.length <= maximum,
    says: `must have at most ${maximum} items`,
    type: "too_big",
    json: { maxItems: maximum },
  };
}
