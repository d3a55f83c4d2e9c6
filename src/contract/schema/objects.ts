import { INVALID, PROBLEMS_MAX, readPart, wrong } from "./schema.js";
import type { Input, Invalid, Output, Problem, Rule, Schema, Shape } from "./schema.js";
import { literal, obey, unknown } from "./values.js";

/** Fields that may be missing from what is read. */
type MayLack<S extends Shape> = {
  [K in keyof S]: S[K] extends { readonly definition: { readonly type: "optional" } } ? K : never;
}[keyof S];

/** Fields that may be missing from what is given. */
type MayOmit<S extends Shape> = {
  [K in keyof S]: S[K] extends { readonly definition: { readonly type: "optional" | "default" } } ? K : never;
}[keyof S];

/** One object type in the place of several that are joined; with the `{}` an editor shows its fields. */
type Flat<T> = { [K in keyof T]: T[K] } & {};

/** What an object with these fields reads. */
export type ObjectOutput<S extends Shape> = Flat<
  { -readonly [K in Exclude<keyof S, MayLack<S>>]: Output<S[K]> } & {
    -readonly [K in MayLack<S>]?: Output<S[K]> | undefined;
  }
>;

/** What an object with these fields may be given. */
export type ObjectInput<S extends Shape> = Flat<
  { -readonly [K in Exclude<keyof S, MayOmit<S>>]: Input<S[K]> } & {
    -readonly [K in MayOmit<S>]?: Input<S[K]> | undefined;
  }
>;

/** The schema of an object, whose fields can be used again. */
export interface ObjectSchema<S extends Shape = Shape> extends Schema<ObjectOutput<S>, ObjectInput<S>> {
  readonly shape: S;
}

/** An object; fields that it does not know are left out. */
/* @__NO_SIDE_EFFECTS__ */ export function object<const S extends Shape>(shape: S): ObjectSchema<S>;
/* @__NO_SIDE_EFFECTS__ */ export function object(shape: Shape): ObjectSchema {
  return withFields(shape, false);
}

/** An object; a field that it does not know is a problem. */
/* @__NO_SIDE_EFFECTS__ */ export function strictObject<const S extends Shape>(shape: S): ObjectSchema<S>;
/* @__NO_SIDE_EFFECTS__ */ export function strictObject(shape: Shape): ObjectSchema {
  return withFields(shape, true);
}

/** One of several objects, told apart by a field that each has as another literal: what is wrong is told of the one that is meant. */
/* @__NO_SIDE_EFFECTS__ */ export function tagged<const S extends readonly ObjectSchema[]>(
  tag: string,
  ...options: S
): Schema<Output<S[number]>, Input<S[number]>>;
/* @__NO_SIDE_EFFECTS__ */ export function tagged(tag: string, ...options: readonly ObjectSchema[]): Schema {
  const tags: Schema = literal(...options.flatMap(({ shape }) => valuesOf(shape[tag])));
  return {
    definition: { type: "union", options },
    read(value, problems) {
      if (!isObject(value)) return wrong(problems, MUST_BE_OBJECT);
      const own = readPart(tags, value[tag], tag, problems);
      const meant = options.find(({ shape }) => valuesOf(shape[tag]).some((one) => one === own));
      return meant === undefined ? INVALID : meant.read(value, problems);
    },
  };
}

function valuesOf(schema: Schema | undefined): readonly (string | number | boolean)[] {
  return schema?.definition.type === "literal" ? schema.definition.values : [];
}

/** An object of any fields, all of one type. */
/* @__NO_SIDE_EFFECTS__ */ export function record<V>(
  values: Schema<V, unknown>,
  ...rules: readonly Rule<object>[]
): Schema<Record<string, V>> {
  return {
    definition: { type: "record", values },
    read(value, problems) {
      if (!isObject(value)) return wrong(problems, MUST_BE_OBJECT);
      const before = problems.length;
      obey(value, rules, problems);
      // One that is too large costs nothing more.
      if (problems.length > before) return INVALID;
      const read: Record<string, V> = {};
      for (const [name, part] of Object.entries(value)) {
        // The one name that would change the object itself.
        if (part === undefined || name === "__proto__") continue;
        const one = readPart(values, part, name, problems);
        if (one !== INVALID) read[name] = one;
      }
      return read;
    },
  };
}

/** An object of any fields. */
/* @__NO_SIDE_EFFECTS__ */ export function looseObject(
  ...rules: readonly Rule<object>[]
): Schema<Record<string, unknown>> {
  return record(unknown(), ...rules);
}

const MUST_BE_OBJECT = "must be an object";

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/* @__NO_SIDE_EFFECTS__ */ function withFields(shape: Shape, strict: boolean): ObjectSchema {
  const fields = Object.entries(shape);
  return {
    definition: { type: "object", shape, strict },
    shape,
    read(value, problems): Record<string, unknown> | Invalid {
      if (!isObject(value)) return wrong(problems, MUST_BE_OBJECT);
      const read: Record<string, unknown> = {};
      for (const [name, schema] of fields) {
        const part = readPart(schema, value[name], name, problems);
        if (part !== undefined) read[name] = part;
      }
      if (strict) refuseOthers(value, shape, problems);
      return read;
    },
  };
}

/** Characters that are told of a name that is not known. */
const NAME_MAX = 64;

function refuseOthers(value: object, shape: Shape, problems: Problem[]): void {
  for (const name in value) {
    if (problems.length >= PROBLEMS_MAX) return;
    if (Object.hasOwn(shape, name) || !Object.hasOwn(value, name)) continue;
    problems.push({ loc: [name.slice(0, NAME_MAX)], msg: "is not a known field", type: "unrecognized_keys" });
  }
}
