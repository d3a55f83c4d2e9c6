import { DEFAULT_LIMITS } from "../src/contract/limits.js";
import { TASK_TIMEOUT_MAX_SECONDS } from "../src/contract/tasks.js";
import type { AgentType, Clock, Limits, SystemStatus } from "../src/contract/index.js";
import type { ClockMode, Ids, SeededRandom } from "./domain/index.js";
import type { Documents } from "./calls/answer.js";
import type { ApiKey } from "./calls/index.js";
import type { Work, WorkByType, WorkReview } from "../src/worker/types.js";
import type { JournalAtOnce } from "./journal/journal.js";
import { originOf } from "./origins.js";
import type { Script } from "./work/scripts/script.js";
import type { Simulation } from "./work/simulated/simulation.js";
import type { Work as WorkPort } from "./work/work.js";

/** How a backend is made. Every option may be left out. */
export interface BackendOptions {
  /** Where chance and ids begin: the same seed, calls and manual clock give the same events. Default: another each time. */
  readonly seed?: number;
  /**
   * Keys that may call, at most 100: a secret, whose key has the role `admin` and may make every call, or `name:role:secret` (or an object
   * of these, with `sha256` in the place of the secret if wanted) for a key that may make some: `game` connects and plays, `worker` does the
   * work on tasks, `observer` looks on. Default `["development-key"]`.
   */
  readonly apiKeys?: readonly ApiKey[];
  /** Limits that differ from the defaults. */
  readonly limits?: Partial<Limits>;
  /**
   * Bytes that all games together may hold: agents, tasks, outputs, scenes, and answers that are kept to give again. Default 256 MiB,
   * at most 384. How much one game may hold is a limit, `game_bytes`.
   */
  readonly totalBytes?: number;
  /**
   * Who does the work on tasks: the simulation, or, for `"workers"`, processes that join, claim tasks and report; a task that no
   * worker serves waits, and nothing is simulated. Default: the simulation.
   */
  readonly workBy?: "workers";
  /**
   * How time goes: `"real"` (default) with the machine's, `"manual"` only by `clock.advance(ms)` from 2026-01-01 on,
   * `{ speed: 20 }` twenty times as fast as the machine's, 0 being paused.
   */
  readonly clock?: ClockMode;
  /** What `snapshot()` of an earlier backend gave. A snapshot of a newer version is refused with a clear error. */
  readonly snapshot?: unknown;
  /**
   * Pages that may call over a network: origins like `"https://example.com"`, `"loopback"` for pages on this machine,
   * `"null"` for sandboxed frames and files, `"*"` for all. Default `["loopback"]`.
   */
  readonly corsOrigins?: readonly string[];
  /** Types of agents that can be created. Default: the contract's four. */
  readonly agentTypes?: readonly AgentType[];
  /**
   * Works on tasks: one function for all agents, or functions by the agent's type, `"*"` being for all others. Where none is, the work
   * is simulated.
   */
  readonly work?: Work | WorkByType;
  /**
   * Takes in, or throws away, what tasks have changed on which `work` has worked, and gives the files that stand against it. Where there is
   * none, every review is done at once.
   */
  readonly review?: WorkReview;
  /** What happens to tasks that fit, before anybody else works on them. `backend.script(…)` adds more. */
  readonly scripts?: readonly Script[];
  /** How work goes that is simulated: how often it fails, 0 to 1, and how many seconds it takes. Default: by the kind of the task. */
  readonly simulation?: Simulation;
  /** Told what went wrong inside by mistake; callers are told nothing of it but the request id. Default: nobody. */
  readonly onError?: (error: unknown, requestId: string | null) => void;
  /** Handed in by hosts and tests; each has a default that a user needs not think of. */
  readonly parts?: Partial<BackendParts>;
}

/** What a backend takes from outside: the machine's things, and what a test wants to know beforehand. */
export interface BackendParts {
  /** What the backend's clock is driven by. Default: the machine's clock. */
  readonly baseClock: Clock;
  /** The time of connections. Default: the base clock; with a manual clock the backend's own, so that all time is one. */
  readonly wallClock: Clock;
  /** Makes the source of chance from the seed. */
  readonly random: (seed: number) => SeededRandom;
  /** Makes the source of ids from the seed. */
  readonly ids: (seed: number) => Ids;
  /** Makes what keeps the commits of one life of the backend. Default: in memory. */
  readonly journal: () => JournalAtOnce;
  /** Makes who works, behind the port. Default: the simulation. */
  readonly work: () => WorkPort;
  /** Makes a session's secret. Default: 256 bits of the platform's secure source. */
  readonly tokens: () => string;
  /** Makes the id of a request that brought none. */
  readonly requestId: () => string;
  /** Milliseconds from any beginning, for how long answers take. Default: the platform's finest; with a manual clock its own. */
  readonly stopwatch: () => number;
  /** What the process uses. Default: not known. */
  readonly resources: () => SystemStatus["resources"];
  /** The texts of `/openapi.json`, `/asyncapi.json` and `/docs`. Default: the generated ones. */
  readonly documents: Documents;
}

/** The key that a backend takes when it was told of none. */
export const DEFAULT_API_KEY = "development-key";

interface Expectation {
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
}

const anything = (): boolean => true;
const aFunction: Expectation = { expected: "a function", fits: (value) => typeof value === "function" };
const anObject: Expectation = { expected: "an object", fits: isObject };
const keys: Expectation = {
  expected: "a list of texts, or of objects with name, role and secret",
  fits: (value) => Array.isArray(value) && value.every((item) => typeof item === "string" || isObject(item)),
};

/** The options' names and what each must be; values of limits, types and snapshots are looked into by the engine. */
const expectations: Readonly<Record<keyof BackendOptions, Expectation>> = {
  seed: { expected: "a finite number", fits: Number.isFinite },
  apiKeys: keys,
  limits: {
    expected: `an object with some of ${Object.keys(DEFAULT_LIMITS).join(", ")}`,
    fits: (value) =>
      isObject(value) && Object.keys(value).every((name) => Object.hasOwn(DEFAULT_LIMITS, name)),
  },
  totalBytes: { expected: "a whole number of bytes", fits: Number.isSafeInteger },
  workBy: { expected: '"workers"', fits: (value) => value === "workers" },
  clock: { expected: "real, manual or { speed: a number from 0 up }", fits: isClockMode },
  snapshot: { expected: "anything", fits: anything },
  corsOrigins: {
    expected: "a list of origins like https://example.com, or loopback, null or *",
    fits: (value) =>
      Array.isArray(value) && value.every((entry) => typeof entry === "string" && originOf(entry) !== null),
  },
  agentTypes: { expected: "a list of types", fits: Array.isArray },
  work: {
    expected: "a function, or functions by the agent's type",
    fits: (value) =>
      typeof value === "function" || (isObject(value) && Object.values(value).every(aFunction.fits)),
  },
  review: aFunction,
  scripts: { expected: "a list of scripts", fits: Array.isArray },
  simulation: {
    expected: "like { failureRate: 0, seconds: [1, 2] }: a share up to 1, the least and the most seconds",
    fits: isSimulation,
  },
  onError: aFunction,
  parts: anObject,
};

/**
 * Refuses options that are wrong or unknown.
 *
 * @throws TypeError that names the option and what was expected.
 */
export function checkOptions(options: BackendOptions): void {
  const known = new Map(Object.entries(expectations));
  for (const [name, value] of Object.entries(options)) {
    const expectation = known.get(name);
    if (expectation === undefined) {
      throw new TypeError(
        `A backend has no option '${name}'. The options are ${[...known.keys()].join(", ")}.`,
      );
    }
    if (value !== undefined && !expectation.fits(value)) {
      throw new TypeError(`The backend's option '${name}' must be ${expectation.expected}.`);
    }
  }
  if (options.review !== undefined && options.work === undefined)
    throw new TypeError("The backend's option 'review' is for what 'work' has changed; give that too.");
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSimulation(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { failureRate = 0, seconds = [0, 0], ...rest }: Record<string, unknown> = { ...value };
  const range: readonly unknown[] = Array.isArray(seconds) ? seconds : [];
  const [least, most, ...more] = range;
  const isUpTo = (number: unknown, end: unknown) => Number(number) >= 0 && Number(number) <= Number(end);
  const isFine = isUpTo(failureRate, 1) && isUpTo(least, most) && isUpTo(most, TASK_TIMEOUT_MAX_SECONDS);
  return isFine && more.length + Object.keys(rest).length === 0;
}

function isClockMode(value: unknown): boolean {
  if (value === "real" || value === "manual") return true;
  if (!isObject(value) || !("speed" in value)) return false;
  return typeof value.speed === "number" && value.speed >= 0 && Number.isFinite(value.speed);
}
