import { $ZodNumber, $ZodOptional } from "zod/v4/core";
import * as z from "../../src/contract/zod.js";
import { check, describeProblems, fits } from "../../src/contract/schema.js";
import type { ObjectSchema, Output, Problem, Route, Schema } from "../../src/contract/index.js";
import { EngineError } from "../domain/index.js";

/** What a caller sent, not yet looked at. */
export interface OperationInput {
  readonly params?: Readonly<Record<string, string>> | undefined;
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** The body as parsed JSON; `undefined` when there was none. */
  readonly body?: unknown;
}

/** The parts of a request, as `detail` names them. */
type Part = "path" | "query" | "body";

/** Collects what is wrong in all parts of one request, so that the caller reads all of it at once. */
export class InputCheck {
  readonly #detail: Problem[] = [];

  /** The value as its schema gives it back, or `undefined` after noting what is wrong with it. */
  take<S extends Schema>(part: Part, schema: S, value: unknown): Output<S> | undefined {
    const checked = check(schema, value, part);
    if (checked.ok) return checked.value;
    this.#detail.push(...checked.problems);
    return undefined;
  }

  note(loc: Problem["loc"], msg: string, type: string): void {
    this.#detail.push({ loc, msg, type });
  }

  /** @throws EngineError `invalid_request` when something was wrong. */
  end(): void {
    if (this.#detail.length > 0) throw invalidRequest(this.#detail);
  }
}

/** The error for a request whose parts do not fit; its sentence names the first of them. */
export function invalidRequest(detail: Problem[]): EngineError {
  const told = describeProblems(detail.slice(0, 3));
  const more = detail.length > 3 ? `; and ${detail.length - 3} more` : "";
  return new EngineError("invalid_request", `The request is not valid: ${told}${more}.`, { detail });
}

/** Values of one part, or the error. */
export function parsed<S extends Schema>(part: Part, schema: S, value: unknown): Output<S> {
  const checked = check(schema, value, part);
  if (!checked.ok) throw invalidRequest(checked.problems);
  return checked.value;
}

/** Path parameters and a body; what is wrong in either is told together. */
export function parsedParts<P extends Schema, B extends Schema>(
  paramsSchema: P,
  bodySchema: B,
  input: OperationInput,
): { readonly params: Output<P>; readonly body: Output<B> } {
  const check = new InputCheck();
  const params = check.take("path", paramsSchema, input.params);
  const body = check.take("body", bodySchema, input.body);
  check.end();
  if (params === undefined || body === undefined) throw new TypeError("A schema gave nothing back.");
  return { params, body };
}

const DIGITS = /^(?:0|[1-9]\d{0,14})$/;

/**
 * A query as its schema gives it back. What is a number there came as text, and has to be written in digits: JavaScript also reads "",
 * "0x10" and "1e2" as such.
 */
export function parsedQuery<S extends ObjectSchema>(schema: S, query: OperationInput["query"]): Output<S> {
  const read: Record<string, unknown> = { ...query };
  const inputs = new InputCheck();
  for (const [name, text] of Object.entries(query ?? {})) {
    if (!isNumeric(schema.shape[name])) continue;
    read[name] = Number(text);
    if (!DIGITS.test(text))
      inputs.note(["query", name], "must be a whole number written in digits", "invalid_type");
  }
  const data = parsed("query", schema, read);
  inputs.end();
  return data;
}

/** Whether a field of a query, which may always be left out, is a number. */
function isNumeric(field: Schema | undefined): boolean {
  return field instanceof $ZodOptional && field._zod.def.innerType instanceof $ZodNumber;
}

/** Refuses what a route has no place for: a server ignores nothing in silence. */
export function refuseUnknownParts(route: Route, input: OperationInput): void {
  const isKnown = input.query === undefined || route.query !== undefined;
  if (isKnown && (input.body === undefined || route.body !== undefined)) return;
  const inputs = new InputCheck();
  if (route.query === undefined && input.query !== undefined) {
    for (const name of Object.keys(input.query)) {
      inputs.note(["query", name], "is not a known field", "unrecognized_keys");
    }
  }
  if (route.body === undefined && input.body !== undefined) {
    inputs.take("body", noFields, input.body);
  }
  inputs.end();
}

/** What a route without a body takes as one: nothing, or an object without fields, which some clients always send. */
const noFields = z.strictObject({});

/** Whether a body may be left out, since every field of it may be. */
export function bodyMayBeEmpty(route: Route): boolean {
  return route.body !== undefined && fits(route.body, {});
}
