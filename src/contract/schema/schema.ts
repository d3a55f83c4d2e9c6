/*
 * The schemas that the contract is written in. They are our own because every page loads what reads them: these few
 * files take one kilobyte of it where a library of schemas takes nine.
 */

/** One thing wrong with a value: where it is, what it must be, and the rule that says so. */
export interface Problem {
  loc: (string | number)[];
  msg: string;
  type: string;
}

/** Problems after which a list or an object is not looked through any further: nobody reads more, and each of thousands costs. */
export const PROBLEMS_MAX = 100;

/** What reading gives for a value that does not fit. */
export const INVALID = Symbol("invalid");
export type Invalid = typeof INVALID;

/** A rule on a value whose kind is right already. */
export interface Rule<T> {
  readonly holds: (value: T) => boolean;
  /** What the value must be, after the name of its field. */
  readonly says: string;
  readonly type: string;
  /** The same rule in JSON Schema. */
  readonly json: Readonly<Record<string, string | number>>;
}

/** The schemas of an object's fields. */
export type Shape = Readonly<Record<string, Schema>>;

/** What a schema is made of, for whoever writes it down in another language. */
export type Definition =
  | { readonly type: "string"; readonly rules: readonly Rule<string>[] }
  | { readonly type: "number"; readonly rules: readonly Rule<number>[] }
  | { readonly type: "array"; readonly item: Schema; readonly rules: readonly Rule<readonly unknown[]>[] }
  | { readonly type: "literal"; readonly values: readonly (string | number | boolean)[] }
  | { readonly type: "open"; readonly values: readonly string[] }
  | { readonly type: "object"; readonly shape: Shape; readonly strict: boolean }
  | { readonly type: "record"; readonly values: Schema }
  | { readonly type: "union"; readonly options: readonly Schema[] }
  | { readonly type: "optional" | "nullable"; readonly inner: Schema }
  | { readonly type: "default"; readonly inner: Schema; readonly make: () => unknown }
  | { readonly type: "boolean" | "unknown" };

/** Reads an unknown value as one of type `Out`. `In` is what may be given: a part with a default may be left out. */
export interface Schema<Out = unknown, In = Out> {
  readonly definition: Definition;
  /** The value with what the schema does not know left out. Adds to `problems` whatever does not fit. */
  readonly read: (value: unknown, problems: Problem[]) => Out | Invalid;
  /** For the compiler alone: never there. */
  readonly input?: In;
}

/** The type of what a schema reads. */
export type Output<S> = S extends Schema<infer Out, unknown> ? Out : never;

/** The type of what a schema may be given. */
export type Input<S> = S extends Schema<unknown, infer In> ? In : never;

/** What came of checking a value. */
export type Checked<Out> =
  { readonly ok: true; readonly value: Out } | { readonly ok: false; readonly problems: Problem[] };

/** Checks a value. The place of each problem begins with `root`: "body", "query", "path". */
export function check<S extends Schema>(schema: S, value: unknown, root: string): Checked<Output<S>>;
export function check(schema: Schema, value: unknown, root: string): Checked<unknown> {
  const problems: Problem[] = [];
  const read = schema.read(value, problems);
  if (read !== INVALID && problems.length === 0) return { ok: true, value: read };
  for (const { loc } of problems) loc.unshift(root);
  return { ok: false, problems };
}

/** Whether a value is what a schema says. */
export function fits(schema: Schema, value: unknown): boolean {
  return check(schema, value, "").ok;
}

/** Problems as one line: `body.prompt must not be blank; body.agentid is not a known field`. */
export function describeProblems(problems: readonly Problem[]): string {
  return problems.map(({ loc, msg }) => `${loc.join(".")} ${msg}`).join("; ");
}

/** Notes that a value is not what it must be. */
export function wrong(problems: Problem[], msg: string, type = "invalid_type"): Invalid {
  problems.push({ loc: [], msg, type });
  return INVALID;
}

/** Reads a part of a value, and puts its name before the places of what is wrong with it. */
export function readPart<Out>(
  schema: Schema<Out, unknown>,
  value: unknown,
  name: string | number,
  problems: Problem[],
): Out | Invalid {
  const before = problems.length;
  const read = schema.read(value, problems);
  for (let index = before; index < problems.length; index += 1) problems[index]?.loc.unshift(name);
  return read;
}
