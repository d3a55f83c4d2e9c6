import { ID_PATTERN } from "../../contract/primitives.js";
import { check, describeProblems } from "../../contract/schema.js";
import type { ErrorDetail, Random, Route } from "../../contract/index.js";
import { InvalidRequestError } from "../../errors/invalid-request-error.js";
import { isTimeLimit } from "./options.js";
import type { CallOptions } from "./options.js";

/** What a call is made with, before it is checked. */
export interface CallInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: object | undefined;
  readonly body?: object | undefined;
}

/** A request that is ready to be sent, but for its credentials. */
export interface ReadyRequest {
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** The call as errors and logs name it. */
export function nameOf(route: Route): string {
  return `${route.method} ${route.path}`;
}

function invalid(route: Route, detail: ErrorDetail[]): InvalidRequestError {
  return new InvalidRequestError(`${nameOf(route)}: ${describeProblems(detail)}. Nothing was sent.`, {
    code: "invalid_request",
    outcome: "not_sent",
    remediation: "Correct the fields that detail names.",
    detail,
  });
}

function wrongOption(route: Route, name: string, msg: string): InvalidRequestError {
  return invalid(route, [{ loc: ["options", name], msg, type: "option" }]);
}

function mustFit(route: Route, root: string, schema: Route["body"], value: unknown): void {
  const checked = schema && check(schema, value, root);
  if (checked?.ok === false) throw invalid(route, checked.problems);
}

/** Checks a whole call against the contract and writes it as a request; throws an InvalidRequestError. */
export function writeRequest(
  route: Route,
  input: CallInput,
  options: CallOptions,
  random: Random,
): ReadyRequest {
  mustFit(route, "path", route.params, input.params);
  mustFit(route, "query", route.query, input.query ?? {});
  mustFit(route, "body", route.body, input.body);
  return {
    target: targetOf(route, input),
    headers: headersOf(route, options, random),
    body: route.body === undefined ? null : bodyOf(route, input.body),
  };
}

function targetOf(route: Route, { params, query }: CallInput): string {
  let target = route.path;
  for (const name in params) target = target.replace(`{${name}}`, encodeURIComponent(params[name] ?? ""));
  let mark = "?";
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    target += `${mark}${name}=${encodeURIComponent(String(value))}`;
    mark = "&";
  }
  return target;
}

function bodyOf(route: Route, body: unknown): string {
  try {
    return JSON.stringify(body);
  } catch {
    throw invalid(route, [{ loc: ["body"], msg: "cannot be written as JSON", type: "json" }]);
  }
}

const TIME_LIMITS = ["timeoutMs", "totalTimeoutMs"] as const;

/** Headers that the client writes itself. */
const OWN = /^(authorization|x-api-key|cookie|host|content-.*|transfer-encoding|idempotency-key)$/i;

function headersOf(route: Route, options: CallOptions, random: Random): Record<string, string> {
  const { headers, idempotencyKey } = options;
  const written: Record<string, string> = {
    accept: route.answer.kind === "text" ? "*/*" : "application/json",
  };
  for (const name of TIME_LIMITS) {
    const limit = options[name];
    if (limit !== undefined && !isTimeLimit(limit))
      throw wrongOption(route, name, "must be milliseconds above 0");
  }
  if (headers !== undefined) {
    for (const [name, value] of Object.entries(headers)) {
      if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name))
        throw wrongOption(route, "headers", "has a name that is no token");
      if (OWN.test(name)) throw wrongOption(route, `headers.${name}`, "is written by the client itself");
      if (typeof value !== "string" || !/^[\x20-\x7e]*$/.test(value))
        throw wrongOption(route, `headers.${name}`, "must be a line of visible ASCII characters");
      written[name.toLowerCase()] = value;
    }
  }
  if (route.body !== undefined) written["content-type"] = "application/json";
  if (route.method === "POST") written["idempotency-key"] = idempotencyKey ?? randomId(random);
  if (idempotencyKey !== undefined && !ID_PATTERN.test(idempotencyKey))
    throw wrongOption(route, "idempotencyKey", "must be 1 to 64 characters of A-Z a-z 0-9 _ -");
  return written;
}

/** An id of 24 characters, which nobody else has. */
export function randomId(random: Random): string {
  let id = "";
  while (id.length < 24)
    id += Math.floor(random() * 36 ** 6)
      .toString(36)
      .padStart(6, "0");
  return id;
}
