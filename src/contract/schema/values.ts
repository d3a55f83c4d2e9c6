import { wrong } from "./schema.js";
import type { Definition, Invalid, Problem, Rule, Schema } from "./schema.js";

/** The value where every rule holds. A value that is no whole number is told nothing more about. */
export function obey<T>(value: T, rules: readonly Rule<T>[], problems: Problem[]): T {
  for (const { holds, says, type } of rules) {
    if (holds(value)) continue;
    wrong(problems, says, type);
    if (type === "invalid_type") break;
  }
  return value;
}

/** A text. */
/* @__NO_SIDE_EFFECTS__ */ export function string(...rules: readonly Rule<string>[]): Schema<string> {
  return {
    definition: { type: "string", rules },
    read: (value, problems) =>
      typeof value === "string" ? obey(value, rules, problems) : wrong(problems, "must be a string"),
  };
}

/** A finite number. */
/* @__NO_SIDE_EFFECTS__ */ export function number(...rules: readonly Rule<number>[]): Schema<number> {
  return {
    definition: { type: "number", rules },
    read: (value, problems) =>
      typeof value === "number" && Number.isFinite(value)
        ? obey(value, rules, problems)
        : wrong(problems, "must be a number"),
  };
}

/** A number that a query writes as text; a program may give the number itself. */
/* @__NO_SIDE_EFFECTS__ */ export function numeric(...rules: readonly Rule<number>[]): Schema<number> {
  const schema = number(...rules);
  return {
    ...schema,
    read: (value, problems) => schema.read(typeof value === "string" ? Number(value) : value, problems),
  };
}

/** True or false. */
/* @__NO_SIDE_EFFECTS__ */ export function boolean(): Schema<boolean> {
  return {
    definition: { type: "boolean" },
    read: (value, problems) => (typeof value === "boolean" ? value : wrong(problems, "must be a boolean")),
  };
}

/** Anything at all, but not nothing. */
/* @__NO_SIDE_EFFECTS__ */ export function unknown(): Schema {
  return {
    definition: { type: "unknown" },
    read: (value, problems) => (value === undefined ? wrong(problems, "is missing") : value),
  };
}

/** One of the words known today, or one that a later version adds: whoever reads it lives with both. */
export type Open<T extends string> = T | (string & {});

/** A word of a list that grows: what is told is kept, known or not. Requests take {@link literal}. */
/* @__NO_SIDE_EFFECTS__ */ export function open<const V extends string>(
  ...values: readonly V[]
): Schema<Open<V>> {
  return {
    definition: { type: "open", values },
    read: (value, problems) => (typeof value === "string" ? value : wrong(problems, "must be a string")),
  };
}

/** One of a few values. */
/* @__NO_SIDE_EFFECTS__ */ export function literal<const V extends string | number | boolean>(
  ...values: readonly V[]
): Schema<V> {
  const definition: Definition = { type: "literal", values };
  return {
    definition,
    read(value, problems): V | Invalid {
      const found = values.find((one) => one === value);
      if (found !== undefined) return found;
      const told = values.map((one) => JSON.stringify(one)).join(" or ");
      return wrong(problems, `must be ${told}`, "invalid_value");
    },
  };
}
