import * as z from "zod/mini";

/* eslint-disable @typescript-eslint/no-unnecessary-type-parameters -- whoever builds a schema says which of zod's types it is */

/*
 * The schemas of zod that only look at a value and hand it on, each with zod's own type and definition, from which JSON
 * Schema is made. zod's classes for them weigh five times as much in every page.
 */

type Schema = z.core.$ZodType;
type Payload = z.core.ParsePayload;
type Run = Schema["_zod"]["run"];
type How = z.core.ParseContextInternal;

/** A schema's definition: whatever JSON Schema reads for it. */
interface Definition extends z.core.$ZodTypeDef {
  readonly [detail: string]: unknown;
}

/** Has zod's type for what was built by zod's definition. */
function is<S extends z.ZodMiniType>(_schema: z.ZodMiniType): _schema is S {
  return true;
}

// @__NO_SIDE_EFFECTS__
function schema<S extends z.ZodMiniType>(
  def: Definition,
  run: Run,
  optin?: "optional" | "defaulted",
  optout?: "optional",
): S {
  const made = new z.ZodMiniType(def);
  // With checks, zod's own way of running them calls what parses.
  Object.assign(made._zod, { parse: run, optin, optout }, def.checks?.length ? null : { run });
  if (is<S>(made)) return made;
  throw new TypeError(def.type);
}

/** What is told of a value that does not pass. */
type Problem =
  | { readonly code: "invalid_type"; readonly expected: "array" | "boolean" | "number" | "object" | "string" }
  | { readonly code: "invalid_value"; readonly values: z.core.util.Literal[] }
  | { readonly code: "invalid_union"; readonly errors: z.core.$ZodIssue[][] };

function refuse(payload: Payload, problem: Problem): Payload {
  payload.issues.push({ input: payload.value, ...problem });
  return payload;
}

type Checks<T> = z.core.$ZodCheck<T>[];

/** A text that passes some checks. */
// @__NO_SIDE_EFFECTS__
export function string(...checks: Checks<string>): z.ZodMiniString {
  return schema({ type: "string", checks }, (payload) =>
    typeof payload.value === "string"
      ? payload
      : refuse(payload, { code: "invalid_type", expected: "string" }),
  );
}

/** A finite number that passes some checks. */
// @__NO_SIDE_EFFECTS__
export function number(...checks: Checks<number>): z.ZodMiniNumber {
  return schema({ type: "number", checks }, checkNumber);
}

/** A number that a query writes as text. */
// @__NO_SIDE_EFFECTS__
export function numeric(...checks: Checks<number>): z.ZodMiniNumber {
  return schema({ type: "number", coerce: true, checks }, (payload) => {
    payload.value = Number(payload.value);
    return checkNumber(payload);
  });
}

function checkNumber(payload: Payload): Payload {
  return Number.isFinite(payload.value)
    ? payload
    : refuse(payload, { code: "invalid_type", expected: "number" });
}

/** Any value. */
// @__NO_SIDE_EFFECTS__
export function unknown(): z.ZodMiniUnknown {
  return schema({ type: "unknown" }, (payload) => payload);
}

/** Runs a schema on a part of a value; what is wrong there is told with the way to it. */
function runPart(part: Schema, payload: Payload, key: PropertyKey, value: unknown, how: How): unknown {
  const result = part._zod.run({ value, issues: [] }, how);
  if (result instanceof Promise) throw new TypeError("A schema of the contract is not asynchronous.");
  for (const issue of result.issues) {
    payload.issues.push({ ...issue, path: [key, ...(issue.path ?? [])] });
  }
  return result.value;
}

/** A list of values of one form. */
// @__NO_SIDE_EFFECTS__
export function array<T extends Schema>(
  element: T,
  ...checks: Checks<readonly unknown[]>
): z.ZodMiniArray<T> {
  const longest = checks.find((one) => one._zod.def.check === "max_length");
  return schema({ type: "array", element, checks }, (payload, how) => {
    const given: unknown = payload.value;
    if (!Array.isArray(given)) return refuse(payload, { code: "invalid_type", expected: "array" });
    // Of a list that is too long nothing else is looked at.
    const list: readonly unknown[] = given;
    void longest?._zod.check({ value: list, issues: payload.issues });
    if (payload.issues.length > 0) {
      payload.aborted = true;
      return payload;
    }
    payload.value = Array.from(list, (value, index) => runPart(element, payload, index, value, how));
    return payload;
  });
}

type Shape = Readonly<Record<string, Schema>>;

function objectOf<S extends z.ZodMiniType>(shape: Shape, catchall?: z.ZodMiniType): S {
  const keys = Object.keys(shape);
  const def = { type: "object", shape, ...(catchall && { catchall }) } as const;
  const made = schema<S>(def, (payload, how) => {
    const given: unknown = payload.value;
    if (!isObject(given)) return refuse(payload, { code: "invalid_type", expected: "object" });
    const others = catchall ? Object.keys(given).filter((key) => !Object.hasOwn(shape, key)) : [];
    const read: Record<string, unknown> = {};
    for (const key of keys) {
      const part = shape[key];
      if (!part) continue;
      const value = runPart(part, payload, key, given[key], how);
      if (value !== undefined || key in given) read[key] = value;
      else if (part._zod.optin === undefined && payload.issues.length === 0)
        payload.issues.push({ code: "invalid_type", expected: "nonoptional", input: undefined, path: [key] });
    }
    payload.value = read;
    if (catchall?._zod.def.type === "never") {
      if (others.length > 0)
        payload.issues.push({ code: "unrecognized_keys", keys: others, input: given, continue: true });
    } else for (const key of others) if (key !== "__proto__") read[key] = given[key];
    return payload;
  });
  return Object.assign(made, { shape });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object with these fields; others are left out. */
// @__NO_SIDE_EFFECTS__
export function object<T extends Shape>(shape: T): z.ZodMiniObject<T> {
  return objectOf(shape);
}

/** An object with these fields and no others. */
// @__NO_SIDE_EFFECTS__
export function strictObject<T extends Shape>(shape: T): z.ZodMiniObject<T, z.core.$strict> {
  return objectOf(shape, new z.ZodMiniType({ type: "never" }));
}

/** An object with whatever fields. */
// @__NO_SIDE_EFFECTS__
// eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- it names no field
export function freeObject(): z.ZodMiniObject<Record<never, never>, z.core.$loose> {
  return objectOf({}, unknown());
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
