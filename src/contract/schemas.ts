import * as z from "zod/mini";

/*
 * The schemas of zod that only look at a value and hand it on, each with zod's own type and definition, from which JSON
 * Schema is made. zod's classes for them weigh five times as much in every page.
 */

type Schema = z.core.$ZodType;
type Payload = z.core.ParsePayload;
type Run = Schema["_zod"]["run"];

/** A schema's definition: whatever JSON Schema reads for it. */
interface Definition extends z.core.$ZodTypeDef {
  readonly [detail: string]: unknown;
}

/** Has zod's type for what was built by zod's definition. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- whoever builds a schema says which it is
function is<S extends z.ZodMiniType>(_schema: z.ZodMiniType): _schema is S {
  return true;
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- whoever builds a schema says which it is
// @__NO_SIDE_EFFECTS__
function schema<S extends z.ZodMiniType>(
  def: Definition,
  run: Run,
  optin?: "optional" | "defaulted",
  optout?: "optional",
): S {
  const made = new z.ZodMiniType(def);
  Object.assign(made._zod, { run, parse: run, optin, optout });
  if (is<S>(made)) return made;
  throw new TypeError(def.type);
}

/** What is told of a value that does not pass. */
type Problem =
  | { readonly code: "invalid_type"; readonly expected: "boolean" }
  | { readonly code: "invalid_value"; readonly values: z.core.util.Literal[] }
  | { readonly code: "invalid_union"; readonly errors: z.core.$ZodIssue[][] };

function refuse(payload: Payload, problem: Problem): Payload {
  payload.issues.push({ input: payload.value, ...problem });
  return payload;
}

/** True or false. */
// @__NO_SIDE_EFFECTS__
export function boolean(): z.ZodMiniBoolean {
  return schema({ type: "boolean" }, (payload) =>
    typeof payload.value === "boolean"
      ? payload
      : refuse(payload, { code: "invalid_type", expected: "boolean" }),
  );
}

/** One of some values. */
// @__NO_SIDE_EFFECTS__
export function literal<const T extends readonly z.core.util.Literal[]>(
  ...values: T
): z.ZodMiniLiteral<T[number]> {
  return schema({ type: "literal", values }, (payload) =>
    values.some((one) => one === payload.value)
      ? payload
      : refuse(payload, { code: "invalid_value", values: [...values] }),
  );
}

/** A value, or null. */
// @__NO_SIDE_EFFECTS__
export function nullable<T extends Schema>(innerType: T): z.ZodMiniNullable<T> {
  return schema({ type: "nullable", innerType }, (payload, how) =>
    payload.value === null ? payload : innerType._zod.run(payload, how),
  );
}

/** A field that may be left out. */
// @__NO_SIDE_EFFECTS__
export function optional<T extends Schema>(innerType: T): z.ZodMiniOptional<T> {
  return schema(
    { type: "optional", innerType },
    (payload, how) => (payload.value === undefined ? payload : innerType._zod.run(payload, how)),
    "optional",
    "optional",
  );
}

/** A field that `make` fills in when it is left out. */
// @__NO_SIDE_EFFECTS__
export function filled<T extends Schema>(
  innerType: T,
  make: () => z.core.util.NoUndefined<z.output<T>>,
): z.ZodMiniDefault<T> {
  return schema(
    {
      type: "default",
      innerType,
      get defaultValue() {
        return make();
      },
    },
    (payload, how) => {
      if (payload.value !== undefined) return innerType._zod.run(payload, how);
      payload.value = make();
      return payload;
    },
    "defaulted",
  );
}

/** The first of some forms that a value has. */
// @__NO_SIDE_EFFECTS__
export function union<const T extends readonly Schema[]>(options: T): z.ZodMiniUnion<T> {
  return schema({ type: "union", options }, (payload, how) => {
    const tried: Payload[] = [];
    const value: unknown = payload.value;
    for (const option of options) {
      const result = option._zod.run({ value, issues: [] }, how);
      if (result instanceof Promise) throw new TypeError("A schema of the contract is not asynchronous.");
      if (result.issues.length === 0) return result;
      tried.push(result);
    }
    // The one that has the right form but for its bounds tells best what is wrong.
    const [near, other] = tried.filter(({ issues }) => issues.every((issue) => issue.continue === true));
    if (near && !other) return near;
    return refuse(payload, { code: "invalid_union", errors: [] });
  });
}
