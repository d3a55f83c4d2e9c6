import type { Clock, Random } from "../contract/index.js";
import { EVERY_TYPE, WORKER_LABELS_MAX, WORKER_SLOTS_MAX, WORKER_TYPES_MAX } from "../contract/workers.js";
import type { Logger } from "../client/http/logger.js";
import { isCredentialText } from "../client/http/options.js";
import type { Fetch } from "../client/http/transport.js";
import type { WebSocketConstructor } from "../client/stream/ports.js";
import { ConfigError } from "../errors/config-error.js";
import type { Environment } from "../options.js";
import type { Work, WorkByType, WorkReview } from "./types.js";

/** What a worker is started with. A backend's `connection()` gives endpoint, key, `fetch` and `WebSocket` of one in the same process. */
export interface WorkerOptions {
  /** The server's base URL, with or without a path. */
  readonly endpoint: string;
  /** A key with the role `worker` or `admin`. */
  readonly apiKey: string;
  /** What people are told that it is called. */
  readonly name: string;
  /** Does the work: one function for all agents, or functions by the agent's type, `"*"` being for all others. */
  readonly work: Work | WorkByType;
  /**
   * Takes in, or throws away, what its tasks have changed, and gives the files that stand against it: the same as
   * `createMockBackend({ review })` takes. Where there is none, reviews are done at once, and the worker hears nothing of them.
   */
  readonly review?: WorkReview | undefined;
  /** Types of agents whose tasks it does, `"*"` for all. Default: those of `work`, or all where that is one function. */
  readonly types?: readonly string[] | undefined;
  /** Tasks that it has at the same time, 1 to 64. Default 1. */
  readonly slots?: number | undefined;
  /** Its own version, for people who look. */
  readonly version?: string | undefined;
  /** More that is told of it: 20 texts at the most. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Whether it hears of work, cancels and answers over the event stream. Default true; with false, and where there is none, it asks. */
  readonly events?: boolean | undefined;
  /** Where the event stream is. Default: `/ws` below the endpoint. */
  readonly websocketUrl?: string | undefined;
  /** Default `development`. In `production` an endpoint of `http:` or `ws:` that is not this machine is refused. */
  readonly environment?: Environment | undefined;
  /** Used in the place of the machine's own network. */
  readonly fetch?: Fetch | undefined;
  /** Used in the place of the runtime's own WebSocket. */
  readonly WebSocket?: WebSocketConstructor | undefined;
  /** Where time comes from, also that of `job.wait`. Default: the machine's clock. */
  readonly clock?: Clock | undefined;
  /** Where chance comes from. Default: the machine's. */
  readonly random?: Random | undefined;
  /** Where it tells what it lives on with; `console` fits. Default: nowhere. */
  readonly logger?: Logger | undefined;
}

type Check = readonly [expected: string, fits: (value: unknown) => boolean];

const isText = (value: unknown): boolean => typeof value === "string" && /^(?=.*\S).{1,80}$/s.test(value);
const isType = (value: unknown): boolean => typeof value === "string" && /^(?:\*|[\w-]{1,64})$/.test(value);
const isFunction = (value: unknown): value is Work => typeof value === "function";
const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
/** Looked at by the client, which says what is wrong with them. */
const anything: Check = ["", () => true];

/** The options' names and what each must be. */
const checks: Readonly<Record<keyof WorkerOptions, Check>> = {
  endpoint: ["the URL of a server", (value) => typeof value === "string"],
  apiKey: ["a key of the server: visible ASCII characters without spaces", isCredentialText],
  name: ["a text of 1 to 80 characters", isText],
  work: [
    "a function, or functions by the agent's type",
    (value) =>
      isFunction(value) ||
      (isObject(value) && Object.values(value).length > 0 && Object.values(value).every(isFunction)),
  ],
  review: ["a function", isFunction],
  types: [
    `a list of 1 to ${WORKER_TYPES_MAX} types of agents, like ["custom"], or ["${EVERY_TYPE}"] for all`,
    (value) =>
      Array.isArray(value) && value.length > 0 && value.length <= WORKER_TYPES_MAX && value.every(isType),
  ],
  slots: [
    `a whole number from 1 to ${WORKER_SLOTS_MAX}`,
    (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= WORKER_SLOTS_MAX,
  ],
  version: ["a text of 1 to 80 characters", isText],
  labels: [
    `an object of at most ${WORKER_LABELS_MAX} texts`,
    (value) =>
      isObject(value) &&
      Object.keys(value).length <= WORKER_LABELS_MAX &&
      Object.values(value).every((text) => typeof text === "string" && text.length <= 200),
  ],
  events: ["true or false", (value) => typeof value === "boolean"],
  websocketUrl: anything,
  environment: anything,
  fetch: anything,
  WebSocket: anything,
  clock: anything,
  random: anything,
  logger: anything,
};

const needed = ["endpoint", "apiKey", "name", "work"] as const;

function isOption(name: string): name is keyof WorkerOptions {
  return Object.hasOwn(checks, name);
}

function wrong(what: string, remediation: string): ConfigError {
  return new ConfigError(`startWorker(): ${what}`, { code: "config", outcome: "not_sent", remediation });
}

/** Checks options and throws one ConfigError for the first that is wrong. */
export function checkWorkerOptions(options: WorkerOptions): void {
  const given: Partial<WorkerOptions> = options;
  for (const name of needed) {
    if (given[name] === undefined) throw wrong(`${name} is missing: ${checks[name][0]}.`, `Give ${name}.`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (!isOption(name))
      throw wrong(`there is no option ${name}.`, `The options are ${Object.keys(checks).join(", ")}.`);
    const [expected, fits] = checks[name];
    if (value !== undefined && !fits(value)) throw wrong(`${name} must be ${expected}.`, `Correct ${name}.`);
  }
  const { types, work } = options;
  if (isFunction(work)) return;
  const without = (types ?? []).find(
    (type) => !Object.hasOwn(work, type) && !Object.hasOwn(work, EVERY_TYPE),
  );
  if (without !== undefined)
    throw wrong(
      `there is no function for the type ${without}.`,
      `Give work one under that name, or under "${EVERY_TYPE}", or leave the type out.`,
    );
}

/** The functions by type, and the types that the worker serves. */
export function servedBy({ work, types }: WorkerOptions): {
  readonly functions: WorkByType;
  readonly agentTypes: string[];
} {
  const functions = isFunction(work) ? { [EVERY_TYPE]: work } : work;
  return { functions, agentTypes: [...(types ?? Object.keys(functions))] };
}
