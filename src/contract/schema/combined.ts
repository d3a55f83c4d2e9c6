import { INVALID, PROBLEMS_MAX, readPart, wrong } from "./schema.js";
import type { Invalid, Output, Input, Problem, Rule, Schema } from "./schema.js";
import { obey } from "./values.js";

/** A list. */
/* @__NO_SIDE_EFFECTS__ */ export function array<Out, In>(
  item: Schema<Out, In>,
  ...rules: readonly Rule<readonly unknown[]>[]
): Schema<Out[], In[]> {
  return {
    definition: { type: "array", item, rules },
    read(value, problems): Out[] | Invalid {
      if (!Array.isArray(value)) return wrong(problems, "must be an array");
      const before = problems.length;
      obey(value, rules, problems);
      // A list that is too long costs nothing more.
      if (problems.length > before) return INVALID;
      const read: Out[] = [];
      for (let index = 0; index < value.length && problems.length < PROBLEMS_MAX; index += 1) {
        const one = readPart(item, value[index], index, problems);
        if (one !== INVALID) read.push(one);
      }
      return read;
    },
  };
}

/** What may be left out. */
export interface OptionalSchema<Out, In> extends Schema<Out | undefined, In | undefined> {
  readonly definition: { readonly type: "optional"; readonly inner: Schema };
}

/** A field that may be left out. */
/* @__NO_SIDE_EFFECTS__ */ export function optional<Out, In>(
  inner: Schema<Out, In>,
): OptionalSchema<Out, In> {
  return {
    definition: { type: "optional", inner },
    read: (value, problems) => (value === undefined ? undefined : inner.read(value, problems)),
  };
}

/** A value that may be null. */
/* @__NO_SIDE_EFFECTS__ */ export function nullable<Out, In>(
  inner: Schema<Out, In>,
): Schema<Out | null, In | null> {
  return {
    definition: { type: "nullable", inner },
    read: (value, problems) => (value === null ? null : inner.read(value, problems)),
  };
}

/** What may be left out by whoever gives it. */
export interface DefaultSchema<Out, In> extends Schema<Out, In | undefined> {
  readonly definition: { readonly type: "default"; readonly inner: Schema; readonly make: () => Out };
}

/** A field that, when it is left out, is what `make` gives. */
/* @__NO_SIDE_EFFECTS__ */ export function withDefault<Out, In>(
  inner: Schema<Out, In>,
  make: () => Out,
): DefaultSchema<Out, In> {
  return {
    definition: { type: "default", inner, make },
    read: (value, problems) => (value === undefined ? make() : inner.read(value, problems)),
  };
}

/** The first of the schemas that the value fits. */
/* @__NO_SIDE_EFFECTS__ */ export function union<const S extends readonly Schema[]>(
  ...options: S
): Schema<Output<S[number]>, Input<S[number]>>;
/* @__NO_SIDE_EFFECTS__ */ export function union(...options: readonly Schema[]): Schema {
  return {
    definition: { type: "union", options },
    read(value, problems) {
      for (const option of options) {
        const inner: Problem[] = [];
        const read = option.read(value, inner);
        if (inner.length === 0) return read;
      }
      return wrong(problems, "fits none of the forms that are allowed here", "invalid_union");
    },
  };
}
