import { $constructor, $ZodArray, clone, util } from "zod/v4/core";
import type {
  $ZodArrayDef,
  $ZodCheck,
  $ZodIssue,
  $ZodNumber,
  $ZodRawIssue,
  $ZodType,
  CheckFn,
  input,
  output,
  SomeType,
} from "zod/v4/core";
import { MISFIT, readerOf, Whole } from "./reader.js";
import * as z from "./zod.js";

/** One thing wrong with a value: where it is, what it must be, and the rule that says so. */
export interface Problem {
  loc: (string | number)[];
  msg: string;
  type: string;
}

/** Problems after which a list is not looked through any further: nobody reads more, and each of thousands costs. */
const PROBLEMS_MAX = 100;

/** Characters that are told of a name that is not known. */
const NAME_MAX = 64;

/** A schema of the contract: one of zod's, which any tool takes that takes Standard Schemas. */
export type Schema<Out = unknown, In = unknown> = $ZodType<Out, In>;

/** The schema of an object, whose fields can be used again. */
export type ObjectSchema = z.ObjectOf;

/** The type of what a schema reads. */
export type Output<S> = output<S>;

/** The type of what a schema may be given. */
export type Input<S> = input<S>;

/** The schema with checks that its values have to pass, beside those that it has. */
/* @__NO_SIDE_EFFECTS__ */ export function checked<S extends Schema>(
  schema: S,
  ...checks: (CheckFn<output<S>> | $ZodCheck<output<S>>)[]
): S {
  const { def } = schema._zod;
  const added = checks.map((check) =>
    typeof check === "function" ? { _zod: { check, def: { check: "custom" }, onattach: [] } } : check,
  );
  return clone(schema, { ...def, checks: [...(def.checks ?? []), ...added] }, { parent: true });
}

/** A whole number that JavaScript holds exactly. One that is none is told nothing more about. */
/* @__NO_SIDE_EFFECTS__ */ export function whole(): $ZodNumber<number> {
  return new Whole({ type: "number" });
}

/** One of the words known today, or one that a later version adds: whoever reads it lives with both. */
export type Open<T extends string> = T | (string & {});

/** A word of a list that grows: what is told is kept, known or not. Requests take `z.literal`. */
/* @__NO_SIDE_EFFECTS__ */ export function open<const V extends string>(
  ...words: readonly V[]
): Schema<Open<V>, Open<V>> {
  return z.union([z.literal(words), z.string()]);
}

/** An object of any fields, all of one kind; any object will do, and zod's `record` takes plain ones alone. */
/* @__NO_SIDE_EFFECTS__ */ export function record<S extends SomeType>(
  values: S,
): Schema<Record<string, output<S>>, Record<string, input<S>>>;
/* @__NO_SIDE_EFFECTS__ */ export function record(values: Schema): Schema {
  return z.withOthers({}, values);
}

interface ListDefinition extends $ZodArrayDef {
  readonly maximum: number;
}

/** zod's array, which stops at enough problems: a server that answers with junk costs its client no more than that. */
const List = /* @__PURE__ */ $constructor<$ZodArray, ListDefinition>("AgentVMList", (list, definition) => {
  $ZodArray.init(list, definition);
  const { element, maximum } = definition;
  const parse = list._zod.parse.bind(list._zod);
  if (maximum < Infinity) list._zod.bag["maximum"] = maximum;
  list._zod.parse = (payload, context) => {
    const given: unknown = payload.value;
    if (!Array.isArray(given) || context.async !== false) return parse(payload, context);
    const items: readonly unknown[] = given;
    const { issues } = payload;
    if (items.length > maximum) {
      // One that is too long costs nothing more.
      issues.push({ code: "too_big", origin: "array", maximum, input: items, inst: list, continue: false });
      return payload;
    }
    const read: unknown[] = [];
    for (let place = 0; place < items.length && issues.length < PROBLEMS_MAX; place += 1) {
      const part = element._zod.run({ value: items[place], issues: [] }, context);
      if (part instanceof Promise) return parse(payload, context);
      for (const issue of part.issues) issues.push({ ...issue, path: [place, ...(issue.path ?? [])] });
      read.push(part.value);
    }
    payload.value = read;
    return payload;
  };
});

/** A list, of at most `maximum` items where that is said. */
/* @__NO_SIDE_EFFECTS__ */ export function list<S extends SomeType>(item: S, maximum?: number): $ZodArray<S>;
/* @__NO_SIDE_EFFECTS__ */ export function list(element: Schema, maximum = Infinity): $ZodArray {
  return new List({ type: "array", element, maximum });
}

/** What came of checking a value. */
export type Checked<Out> =
  { readonly ok: true; readonly value: Out } | { readonly ok: false; readonly problems: Problem[] };

/** Checks a value. The place of each problem begins with `root`: "body", "query", "path". */
export function check<S extends Schema>(schema: S, value: unknown, root: string): Checked<Output<S>>;
export function check(schema: Schema, value: unknown, root: string): Checked<unknown> {
  const fitting = readerOf(schema)(value);
  if (fitting !== MISFIT) return { ok: true, value: fitting };
  // Not `safeParse`: what it finds comes in an Error, whose stack takes as long as all the rest of a refusal.
  const read = schema._zod.run({ value, issues: [] }, WORDS);
  if (read instanceof Promise)
    throw new TypeError("A schema of the contract is read at once, and this one is not.");
  if (read.issues.length === 0) return { ok: true, value: read.value };
  const problems: Problem[] = [];
  for (const issue of read.issues) tell(util.finalizeIssue(issue, WORDS, {}), root, problems);
  // Nothing is left of what zod found where an object only had more from its prototype, which nobody wrote into it.
  return problems.length === 0 ? check(schema, ownPart(value), root) : { ok: false, problems };
}

function ownPart(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ownPart);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, ownPart(part)]));
}

/** Whether a value is what a schema says. */
export function fits(schema: Schema, value: unknown): boolean {
  return check(schema, value, "").ok;
}

/** Problems as one line: `body.prompt must not be blank; body.agentid is not a known field`. */
export function describeProblems(problems: readonly Problem[]): string {
  return problems.map(({ loc, msg }) => `${loc.join(".")} ${msg}`).join("; ");
}

/** Says in the contract's words what zod found. */
function tell(issue: $ZodIssue, root: string, problems: Problem[]): void {
  const loc = [root, ...issue.path.map((part) => (typeof part === "number" ? part : String(part)))];
  if (issue.code === "unrecognized_keys") {
    const { input = {}, keys } = issue;
    for (const name of keys) {
      if (problems.length >= PROBLEMS_MAX) return;
      if (!Object.hasOwn(input, name)) continue;
      problems.push({
        loc: [...loc, name.slice(0, NAME_MAX)],
        msg: "is not a known field",
        type: issue.code,
      });
    }
    return;
  }
  // Of the words that are known and any other, only what is wrong with the other counts.
  const [[known] = [], [other] = []] = issue.code === "invalid_union" ? issue.errors : [];
  const meant = known?.code === "invalid_value" && known.path.length === 0 && other ? other : issue;
  problems.push({ loc, msg: meant.message, type: typeOf(meant) });
}

/** The rule that an issue is of, as the contract names it. */
function typeOf(issue: $ZodIssue): string {
  // A number beyond those that are exact is no whole number, and a tag that is none is a wrong value.
  if ("note" in issue) return issue.code === "invalid_union" ? "invalid_value" : "invalid_type";
  if (issue.code === "custom" && typeof issue.params?.["type"] === "string") return issue.params["type"];
  return issue.code;
}

const KINDS: Readonly<Record<string, string>> = {
  int: "an integer",
  array: "an array",
  object: "an object",
};

function choices(values: readonly unknown[]): string {
  return `must be ${values.map((one) => JSON.stringify(one)).join(" or ")}`;
}

/** What a value must be, after the name of its field, where its schema says nothing of its own. */
function say(issue: $ZodRawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.expected === "nonoptional"
        ? "is missing"
        : `must be ${KINDS[issue.expected] ?? `a ${issue.expected}`}`;
    case "invalid_value":
      return choices(issue.values);
    case "too_big":
      if ("note" in issue) return "must be an integer";
      if (issue.origin === "array") return `must have at most ${issue.maximum} items`;
      return `must be at most ${issue.maximum}${issue.origin === "string" ? " characters long" : ""}`;
    case "too_small":
      if ("note" in issue) return "must be an integer";
      if (issue.origin === "array") return `must have at least ${issue.minimum} item`;
      if (issue.origin === "string") return `must be at least ${issue.minimum} character long`;
      return `must be ${issue.inclusive === true ? "at least" : "more than"} ${issue.minimum}`;
    case "invalid_union":
      return "options" in issue && Array.isArray(issue.options)
        ? choices(issue.options)
        : "fits none of the forms that are allowed here";
    default:
      return "is not valid";
  }
}

/** The contract's own words come before those that a page may have given to its zod: what is said goes over the wire. */
const WORDS = { error: say, reportInput: true, async: false } as const;
