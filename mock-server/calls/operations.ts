import { idSchema } from "../../src/contract/primitives.js";
import { namesOf } from "../../src/contract/names-of.js";
import { playRoutes as routes } from "../../src/contract/play-routes.js";
import { fits } from "../../src/contract/schema.js";
import type { PlayRouteName, Route, RouteName, SystemStatus } from "../../src/contract/index.js";
import { EngineError, RateLimiter } from "../domain/index.js";
import type { RateVerdict } from "../domain/index.js";
import { checkAccess, scopeOf } from "./access.js";
import { ownerOf } from "./caller.js";
import type { Caller } from "./caller.js";
import { costOf } from "./cost.js";
import { fingerprintOf } from "./fingerprint.js";
import { agentOperations } from "./handlers/agents.js";
import type { AnalyticsOperations } from "./handlers/analytics.js";
import { gameOperations } from "./handlers/games.js";
import { statusOf, systemOperations } from "./handlers/system.js";
import { taskOperations } from "./handlers/tasks.js";
import { withTokens, withoutTokens } from "./kept-tokens.js";
import { bodyMayBeEmpty, invalidRequest, refuseUnknownParts } from "./input.js";
import type { OperationInput } from "./input.js";
import type { OperationName, OperationTable } from "./operation.js";
import type { OperationParts } from "./parts.js";

/** Requests a minute from one address that show nothing or something wrong, however many callers may make. */
const STRANGER_REQUESTS_MAX = 600;

/** Where calls come from that a host knows no address of, as in a page. */
const NOWHERE = "here";

/** How a call came. */
export interface OperationOptions {
  /** Scheme, host and port under which the caller knows the server. */
  readonly origin: string;
  /** For POST: the same key and input within 24 hours give the first answer again. */
  readonly idempotencyKey?: string | undefined;
}

/** What came of a call. */
export interface OperationResult {
  readonly answer: unknown;
  /** Whether the answer is one that was given before, and nothing was done now. */
  readonly replayed: boolean;
  /** Where a list goes on. */
  readonly nextCursor?: string | null | undefined;
  /** What comes of a call that has to wait; its answer is null until then, and nothing is remembered of it. */
  readonly later?: Promise<OperationResult>;
}

/** What came of a call's own work, or what has to be waited for before there is anything. */
type Worked = Pick<OperationResult, "answer" | "nextCursor"> & { readonly later?: Promise<void> };

/** The same done once. */
type Once = Omit<OperationResult, "later"> & { readonly waits?: Promise<void> | undefined };

/** The calls of the contract, whoever brings them: HTTP, a batch, or a command on the event stream. */
export interface Operations {
  /**
   * Makes one call: checks that the caller may, validates the input, runs.
   * A POST with an idempotency key is done once. Only successes are remembered: what was refused has changed nothing,
   * so the same key may be tried again.
   *
   * @throws EngineError for everything that goes wrong on purpose.
   */
  run(name: OperationName, caller: Caller, input: OperationInput, options: OperationOptions): OperationResult;
  /** The part of `run` before a call's own work, for the routes that HTTP answers by itself; gives the input back with an empty body filled in. */
  check(name: PlayRouteName, caller: Caller, input: OperationInput): OperationInput;
  /** The part of `run` that does a POST once. */
  once(
    name: RouteName,
    caller: Caller,
    input: OperationInput,
    key: string | undefined,
    work: () => Worked,
  ): Once;
  /** How the server is doing, as `/system/status` and `/metrics` tell it. */
  systemStatus(): SystemStatus;
  /** Counts one request of a caller. The one who brings the call asks this first and refuses with `rate_limited`. */
  admit(caller: Caller): RateVerdict;
  /**
   * Counts a request of somebody who showed no credentials or wrong ones, by the address that it came from: who guesses is slowed, and takes
   * nothing from who is known, nor from strangers elsewhere.
   */
  admitStranger(remote: string | undefined): RateVerdict;
  /** Counts a call that was admitted as more than one request where the JSON that it brings is large; null where it is not. */
  charge(caller: Caller, json: string): RateVerdict | null;
}

/** What all operations are made of. */
export interface AllOperationParts extends OperationParts {
  /** Makes the calls about what clients have measured. */
  readonly analytics: (parts: OperationParts) => AnalyticsOperations;
}

/** Makes the operations over an engine. */
export function createOperations(parts: AllOperationParts): Operations {
  const startedAt = parts.wallClock.now();
  const systemStatus = (): SystemStatus => statusOf(parts, startedAt);
  const table: OperationTable = {
    ...systemOperations(parts, systemStatus),
    ...agentOperations(parts),
    ...taskOperations(parts),
    ...gameOperations(parts),
    ...parts.analytics(parts),
  };
  const emptyBody = new Set(namesOf(routes, isPlayed).filter((name) => bodyMayBeEmpty(routes[name])));
  const limiter = new RateLimiter(parts.clock, parts.engine.limits.rate_limit_per_minute);
  const strangers = new RateLimiter(
    parts.wallClock,
    Math.min(STRANGER_REQUESTS_MAX, parts.engine.limits.rate_limit_per_minute),
  );

  const check: Operations["check"] = (name, caller, input) =>
    checkCall(name, routes[name], emptyBody.has(name), caller, input);

  const once: Operations["once"] = (name, caller, input, key, work) => {
    if (key === undefined || (isPlayed(name) && routes[name].method !== "POST")) return given(asNew(work()));
    checkKey(key);
    const { engine } = parts;
    const owner = ownerOf(caller);
    // A key may name a batch and a call of its own.
    const own = name === "batch" ? `${key} of a batch` : key;
    const fingerprint = fingerprintOf([name, input.params ?? {}, input.body ?? {}]);
    // The work and the record of its answer are kept together, or neither is.
    const result = engine.command((): Once => {
      const finding = engine.answers.find(owner, own, fingerprint);
      switch (finding.kind) {
        case "replay":
          return { answer: finding.answer, nextCursor: undefined, replayed: true };
        case "conflict":
          throw new EngineError(
            "idempotency_conflict",
            "This Idempotency-Key was used for another request in the last 24 hours.",
          );
        case "new": {
          const worked = work();
          if (worked.later) return asNew(worked);
          const answer = withoutTokens(worked.answer);
          engine.answers.keep(owner, own, fingerprint, answer);
          return { answer, nextCursor: undefined, replayed: false };
        }
      }
    });
    return given(result);
  };

  /** The result as its caller gets it: with the token of a session in the place that is left for it. */
  const given = (result: Once): Once => {
    const answer = withTokens(result.answer, (sessionId) => parts.access.tokenOf(sessionId));
    return answer === result.answer ? result : { ...result, answer };
  };

  const run: Operations["run"] = (name, caller, input, options) => {
    const checked = check(name, caller, input);
    const result = once(name, caller, checked, options.idempotencyKey, () =>
      table[name]({ caller, scope: scopeOf(caller), origin: options.origin }, checked),
    );
    const { waits } = result;
    if (waits === undefined) return result;
    const again = (): OperationResult | Promise<OperationResult> => {
      const next = run(name, caller, input, options);
      return next.later ?? next;
    };
    return { ...result, later: waits.then(again) };
  };

  return {
    run,
    check,
    once,
    systemStatus,
    admit: (caller) => limiter.take(caller.id),
    admitStranger: (remote = NOWHERE) => strangers.take(remote),
    charge(caller, json) {
      const cost = costOf(json);
      return cost === 0 ? null : limiter.charge(caller.id, cost);
    },
  };
}

/** The part of a call before its own work: whether the caller may make it, and whether it has the parts that it takes. */
export function checkCall(
  name: RouteName,
  route: Route,
  mayBeEmpty: boolean,
  caller: Caller,
  input: OperationInput,
): OperationInput {
  checkAccess(name, route.access, caller);
  refuseUnknownParts(route, input);
  if (route.body === undefined || input.body !== undefined) return input;
  if (mayBeEmpty) return { ...input, body: {} };
  throw new EngineError("malformed_json", "The request has no body, and this call needs one.");
}

function isPlayed(name: string): name is PlayRouteName {
  return Object.hasOwn(routes, name);
}

/** What came of a call that was made now. A literal: it runs for every call, and V8 takes many times as long to spread. */
function asNew({ answer, nextCursor, later: waits }: Worked): Once {
  return { answer, nextCursor, replayed: false, waits };
}

function checkKey(key: string): void {
  if (fits(idSchema, key)) return;
  throw invalidRequest([
    {
      loc: ["header", "Idempotency-Key"],
      msg: "must be 1 to 64 characters of A-Z a-z 0-9 _ -",
      type: "invalid_format",
    },
  ]);
}
