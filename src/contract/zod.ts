/**
 * The schemas and checks of zod that the contract is written with, by the names that they have in `zod/mini`. They are those of zod's
 * core: what `zod/mini` adds to each are methods, which nobody here calls and every page would load.
 */
import {
  $constructor,
  $ZodBoolean,
  $ZodCheckGreaterThan,
  $ZodCheckLessThan,
  $ZodCheckMaxLength,
  $ZodCheckMinLength,
  $ZodCheckRegex,
  $ZodDefault,
  $ZodLiteral,
  $ZodNever,
  $ZodNullable,
  $ZodNumber,
  $ZodObject,
  $ZodOptional,
  $ZodString,
  $ZodUnion,
  $ZodUnknown,
} from "zod/v4/core";
import type {
  $loose,
  $strict,
  $strip,
  $ZodObjectConfig,
  $ZodShape,
  $ZodType,
  CheckFn,
  output,
  SomeType,
  util,
} from "zod/v4/core";

export type { input, output } from "zod/v4/core";

/* @__NO_SIDE_EFFECTS__ */ export function string(): $ZodString<string>;
/* @__NO_SIDE_EFFECTS__ */ export function string(): $ZodString {
  return new $ZodString({ type: "string" });
}

/* @__NO_SIDE_EFFECTS__ */ export function number(): $ZodNumber<number>;
/* @__NO_SIDE_EFFECTS__ */ export function number(): $ZodNumber {
  return new $ZodNumber({ type: "number" });
}

/* @__NO_SIDE_EFFECTS__ */ export function boolean(): $ZodBoolean<boolean>;
/* @__NO_SIDE_EFFECTS__ */ export function boolean(): $ZodBoolean {
  return new $ZodBoolean({ type: "boolean" });
}

/* @__NO_SIDE_EFFECTS__ */ export function unknown(): $ZodUnknown {
  return new $ZodUnknown({ type: "unknown" });
}

/* @__NO_SIDE_EFFECTS__ */ export function literal<const T extends util.Literal>(
  value: T | readonly T[],
): $ZodLiteral<T>;
/* @__NO_SIDE_EFFECTS__ */ export function literal(
  value: util.Literal | readonly util.Literal[],
): $ZodLiteral {
  return new $ZodLiteral({ type: "literal", values: [value].flat() });
}

/* @__NO_SIDE_EFFECTS__ */ export function optional<T extends SomeType>(innerType: T): $ZodOptional<T>;
/* @__NO_SIDE_EFFECTS__ */ export function optional(innerType: $ZodType): $ZodOptional {
  return new $ZodOptional({ type: "optional", innerType });
}

/* @__NO_SIDE_EFFECTS__ */ export function nullable<T extends SomeType>(innerType: T): $ZodNullable<T>;
/* @__NO_SIDE_EFFECTS__ */ export function nullable(innerType: $ZodType): $ZodNullable {
  return new $ZodNullable({ type: "nullable", innerType });
}

/* @__NO_SIDE_EFFECTS__ */ export function _default<T extends SomeType>(
  innerType: T,
  make: () => util.NoUndefined<output<T>>,
): $ZodDefault<T>;
/* @__NO_SIDE_EFFECTS__ */ export function _default(innerType: $ZodType, make: () => unknown): $ZodDefault {
  return new $ZodDefault({
    type: "default",
    innerType,
    get defaultValue() {
      return make();
    },
  });
}

/* @__NO_SIDE_EFFECTS__ */ export function union<const T extends readonly SomeType[]>(
  options: T,
): $ZodUnion<T>;
/* @__NO_SIDE_EFFECTS__ */ export function union(options: readonly $ZodType[]): $ZodUnion {
  return new $ZodUnion({ type: "union", options });
}

/** zod's object, with its fields at hand: they are used again in others. */
export interface ObjectOf<
  Shape extends $ZodShape = $ZodShape,
  Config extends $ZodObjectConfig = $ZodObjectConfig,
> extends $ZodObject<Shape, Config> {
  shape: Shape;
}

const ObjectOf = /* @__PURE__ */ $constructor<ObjectOf>("AgentVMObject", (object, definition) => {
  $ZodObject.init(object, definition);
  object.shape = definition.shape;
});

/** An object; what it has beside its fields is left out. */
/* @__NO_SIDE_EFFECTS__ */ export function object<T extends $ZodShape>(
  shape: T,
): ObjectOf<util.Writeable<T>, $strip>;
/* @__NO_SIDE_EFFECTS__ */ export function object(shape: $ZodShape): ObjectOf {
  return new ObjectOf({ type: "object", shape });
}

/** An object that has its fields and no others. */
/* @__NO_SIDE_EFFECTS__ */ export function strictObject<T extends $ZodShape>(
  shape: T,
): ObjectOf<util.Writeable<T>, $strict>;
/* @__NO_SIDE_EFFECTS__ */ export function strictObject(shape: $ZodShape): ObjectOf {
  return withOthers(shape, new $ZodNever({ type: "never" }));
}

/** An object that keeps what it has beside its fields. */
/* @__NO_SIDE_EFFECTS__ */ export function looseObject<T extends $ZodShape>(
  shape: T,
): ObjectOf<util.Writeable<T>, $loose>;
/* @__NO_SIDE_EFFECTS__ */ export function looseObject(shape: $ZodShape): ObjectOf {
  return withOthers(shape, unknown());
}

/** An object that reads what it has beside its fields with a schema. */
export function withOthers(shape: $ZodShape, catchall: $ZodType): ObjectOf {
  return new ObjectOf({ type: "object", shape, catchall });
}

/* @__NO_SIDE_EFFECTS__ */ export function regex(pattern: RegExp, message: string): $ZodCheckRegex {
  return new $ZodCheckRegex({ check: "string_format", format: "regex", pattern, error: () => message });
}

/* @__NO_SIDE_EFFECTS__ */ export function minLength(minimum: number): $ZodCheckMinLength {
  return new $ZodCheckMinLength({ check: "min_length", minimum });
}

/* @__NO_SIDE_EFFECTS__ */ export function maxLength(maximum: number): $ZodCheckMaxLength {
  return new $ZodCheckMaxLength({ check: "max_length", maximum });
}

/* @__NO_SIDE_EFFECTS__ */ export function gt(value: number): $ZodCheckGreaterThan {
  return new $ZodCheckGreaterThan({ check: "greater_than", value, inclusive: false });
}

/* @__NO_SIDE_EFFECTS__ */ export function gte(value: number): $ZodCheckGreaterThan {
  return new $ZodCheckGreaterThan({ check: "greater_than", value, inclusive: true });
}

/* @__NO_SIDE_EFFECTS__ */ export function lte(value: number): $ZodCheckLessThan {
  return new $ZodCheckLessThan({ check: "less_than", value, inclusive: true });
}

/** A rule of our own. */
/* @__NO_SIDE_EFFECTS__ */ export function refine<T>(
  fits: (value: T) => boolean,
  message: string,
): CheckFn<T> {
  return ({ value, issues }) => {
    if (!fits(value)) issues.push({ code: "custom", message, input: value, continue: true });
  };
}
