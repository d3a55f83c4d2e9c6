import * as z from "../../../src/contract/zod.js";
import { errorCodes, isErrorCode } from "../../../src/contract/errors.js";
import { EVENT_TYPES } from "../../../src/contract/event-types.js";
import { ROUTE_NAMES, routes } from "../../../src/contract/routes.js";
import { check, checked, describeProblems, list, whole } from "../../../src/contract/schema.js";
import type { Route, Schema } from "../../../src/contract/index.js";
import type { CallFault, Fault, StreamFault } from "./fault.js";
import { globsMeet } from "./glob.js";

/** Characters of a pattern at the most. */
const PATTERN_MAX = 200;

/** Milliseconds that a fault may hold something up: a day. */
const LATENCY_MAX_MS = 86_400_000;

const countSchema = z.optional(checked(whole(), z.gte(1), z.lte(1_000_000)));
const millisecondsSchema = z.optional(checked(z.number(), z.gte(0), z.lte(LATENCY_MAX_MS)));
const patternSchema = z.optional(checked(z.string(), z.minLength(1), z.maxLength(PATTERN_MAX)));

const counted = {
  times: countSchema,
  skip: z.optional(checked(whole(), z.gte(0), z.lte(1_000_000))),
  chance: z.optional(checked(z.number(), z.gt(0), z.lte(1))),
};

const routeSchema = z.literal(ROUTE_NAMES);

/** What a fault of calls must be. */
export const callFaultSchema = z.strictObject({
  ...counted,
  route: z.optional(z.union([routeSchema, checked(list(routeSchema, ROUTE_NAMES.length), z.minLength(1))])),
  path: patternSchema,
  status: z.optional(checked(whole(), z.gte(400), z.lte(599))),
  code: z.optional(
    checked(z.string(), z.refine(isErrorCode, "must be a code of the contract, like storage_full")),
  ),
  retryAfter: z.optional(checked(z.number(), z.gte(0), z.lte(86_400))),
  answer: z.optional(z.literal(["timeout", "reset_peer", "limit_data", "html", "empty"])),
  bytes: z.optional(checked(whole(), z.gte(0))),
  latency: millisecondsSchema,
  jitter: millisecondsSchema,
  after: z.optional(z.boolean()),
});

/** What a fault of the event stream must be. */
export const streamFaultSchema = z.strictObject({
  ...counted,
  stream: z.literal(["cut", "half_open", "latency", "duplicate", "garbage", "close"]),
  event: patternSchema,
  latency: millisecondsSchema,
  jitter: millisecondsSchema,
  closeCode: z.optional(
    checked(
      whole(),
      z.refine(isCloseCode, "must be one that a server sends: 1000 to 1003, 1007 to 1014, 3000 to 4999"),
    ),
  ),
});

/**
 * Reads a fault.
 *
 * @throws TypeError that names the field and says what it must be.
 */
export function readFault(given: unknown): Fault {
  if (typeof given !== "object" || given === null) {
    throw new TypeError('A fault is an object like { route: "taskAssign", status: 503, times: 2 }.');
  }
  return "stream" in given || "event" in given ? readStreamFault(given) : readCallFault(given);
}

function readCallFault(given: object): CallFault {
  const { code, ...fault } = fitting(callFaultSchema, given);
  const { route, path, status, answer, bytes, latency, jitter, after, retryAfter } = fault;
  const said = [status, code, answer].filter((one) => one !== undefined);
  if (said.length > 1) refuse("status, code and answer exclude one another; keep one of them");
  if (said.length === 0 && latency === undefined) {
    refuse("says nothing of what goes wrong: give status, code, answer or latency");
  }
  if (bytes !== undefined && answer !== "limit_data") refuse('bytes goes with answer: "limit_data" alone');
  if (jitter !== undefined && latency === undefined) refuse("jitter goes with latency alone");
  if (retryAfter !== undefined && status === undefined && code === undefined) {
    refuse("retryAfter goes with status or code alone");
  }
  if (after === false && answer === "limit_data")
    refuse("after cannot be false where an answer is cut: there is one to cut");
  if (path !== undefined) {
    const named = route === undefined ? ROUTE_NAMES : [route].flat();
    const paths = named.flatMap((name) => pathsOf(routes[name]));
    if (!paths.some((one) => globsMeet(path, one))) {
      refuse(
        `path fits no call of the contract: ${path}. It is like "/tasks/assign" or "/tasks/*", with no query`,
      );
    }
  }
  return code !== undefined && isErrorCode(code) ? { ...fault, code } : fault;
}

function readStreamFault(given: object): StreamFault {
  const fault = fitting(streamFaultSchema, given);
  const { stream, event, latency, jitter, closeCode } = fault;
  if (stream === "latency" && latency === undefined)
    refuse("latency is missing: the milliseconds that it takes");
  if (stream !== "latency" && latency !== undefined) refuse('latency goes with stream: "latency" alone');
  if (jitter !== undefined && latency === undefined) refuse("jitter goes with latency alone");
  if (closeCode !== undefined && stream !== "close") refuse('closeCode goes with stream: "close" alone');
  if (event !== undefined && !EVENT_TYPES.some((type) => globsMeet(event, type))) {
    refuse(`event fits no event of the contract: ${event}. It is like "task.progress" or "task.*"`);
  }
  return fault;
}

function fitting<Out>(schema: Schema<Out>, given: object): Out {
  const read = check(schema, given, "fault");
  if (read.ok) return read.value;
  throw new TypeError(`The fault is not valid: ${describeProblems(read.problems)}.`);
}

function refuse(why: string): never {
  throw new TypeError(`The fault is not valid: fault.${why}.`);
}

function pathsOf({ path, aliases = [] }: Route): string[] {
  return [path, ...aliases].map((one) => one.replace(/\{\w+\}/g, "*"));
}

function isCloseCode(code: number): boolean {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

/** The code that a server of the contract would give with a status, the first of several; null where it has none. */
export function codeOfStatus(status: number): keyof typeof errorCodes | null {
  const found = Object.entries(errorCodes).find(([, info]) => info.status === status)?.[0];
  return found !== undefined && isErrorCode(found) ? found : null;
}
