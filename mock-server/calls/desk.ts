import { playRoutes as routes } from "../../src/contract/play-routes.js";
import type { PlayRouteName, Route, RouteName } from "../../src/contract/index.js";
import type { WorkerRouteName } from "../../src/contract/routes/worker-heads.js";
import { readJson } from "../domain/index.js";
import type { EngineError, RateVerdict } from "../domain/index.js";
import { checkAccess, scopeOf } from "./access.js";
import { ANONYMOUS, asEngineError, ownerOf, toErrorBody } from "./index.js";
import type {
  Access,
  Caller,
  CallWatch,
  Credentials,
  OperationInput,
  OperationResult,
  Operations,
  Stats,
} from "./index.js";
import { parsed, parsedQuery } from "./input.js";
import { failureHeaders, rateLimited, statusOf } from "./failures.js";
import { JsonTexts } from "./json-texts.js";
import type { SeldomCalls } from "./seldom-calls.js";
import type { Documents, Answer } from "./answer.js";

/** What the desk stands on. */
export interface DeskParts {
  readonly operations: Operations;
  readonly access: Access;
  readonly stats: Stats;
  readonly seldom: SeldomCalls;
  readonly documents: Documents;
  /** Told of each call once it is answered. */
  readonly watch: CallWatch;
  /** Makes the id of a request that brought none. */
  requestId(): string;
  /** Milliseconds from any beginning; times how long answers take. */
  stopwatch(): number;
  /** Told what was thrown by mistake; the caller is told nothing of it but the request id. */
  onError(error: unknown, requestId: string): void;
}

/** A call of the contract and what its path says. */
export interface FoundRoute {
  readonly name: RouteName;
  readonly route: Pick<Route, "method" | "path" | "access">;
  readonly params: Readonly<Record<string, string>> | undefined;
}

/** What is at an address where no call of the contract is. */
export interface Elsewhere {
  /** Whether anybody may ask; else the request is counted in the rate limit first. */
  readonly open: boolean;
  /** @throws EngineError that says why there is nothing. */
  answer(): Answer;
}

/** One call, however it came. Its parts are asked for when their turn has come, so that a refusal costs no more than it must. */
export interface DeskCall {
  readonly found: FoundRoute | Elsewhere;
  /** Left out, the desk makes one. */
  readonly requestId: string | undefined;
  /** Scheme, host and port that the caller used: `http://localhost:8000`. */
  readonly origin: string;
  readonly idempotencyKey: string | undefined;
  /** The address that it came from; undefined where the host knows of none. It is asked of strangers alone. */
  remote(): string | undefined;
  /** Aborted when the caller goes away; ends a streamed answer. */
  readonly signal: AbortSignal | undefined;
  /** Whether the caller wants the headers alone. */
  readonly headersOnly: boolean;
  credentials(): Credentials;
  /**
   * Where callers share one event loop: comes back when it is the caller's turn. Asked before the body is read, with whose call it is, null for
   * anybody's. Left out, it is everybody's turn.
   *
   * @throws EngineError `rate_limited` where too many of its calls wait.
   */
  turn?(owner: string | null): void | Promise<void>;
  /** Told how many milliseconds the call's own work took. */
  took?(ms: number): void;
  query(): Readonly<Record<string, string>> | undefined;
  /** The text of the body's JSON; null where there is none. */
  body(): string | null | Promise<string | null>;
}

/** Answers calls of the contract. */
export interface Desk {
  /** At once where it can, so that a call in the page needs no turn of the event loop. Never throws. */
  answer(call: DeskCall): Answer | Promise<Answer>;
}

/** One call on its way. */
interface Exchange {
  readonly call: DeskCall;
  readonly requestId: string;
  /** When its work began: what it waits for its turn is not the server's slowness. */
  started: number;
  caller: Caller;
  /** The text of the body's JSON, once it is read. */
  body: string | null;
  /** What the rate limiter said last; null where nothing is counted. */
  rate: RateVerdict | null;
}

/** Makes what answers every call of the contract except the event stream, over HTTP or without it. */
export function createDesk(parts: DeskParts): Desk {
  return new PartsDesk(parts);
}

class PartsDesk implements Desk {
  readonly #parts: DeskParts;
  readonly #texts = new JsonTexts();

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  answer(call: DeskCall): Answer | Promise<Answer> {
    const started = this.#parts.stopwatch();
    const requestId = call.requestId ?? this.#parts.requestId();
    const exchange: Exchange = { call, requestId, started, caller: ANONYMOUS, body: null, rate: null };
    const end = (answer: Answer) => {
      this.#finish(answer, exchange);
      return answer;
    };
    try {
      const answer = this.#respond(exchange);
      if (!(answer instanceof Promise)) return end(answer);
      return answer.catch((error: unknown) => this.#failure(error, exchange)).then(end);
    } catch (error) {
      return end(this.#failure(error, exchange));
    }
  }

  #respond(exchange: Exchange): Answer | Promise<Answer> {
    const { found } = exchange.call;
    const isOpen = "route" in found ? found.route.access === "open" : found.open;
    const caller = isOpen ? ANONYMOUS : this.#identified(exchange);
    if (!("route" in found)) return found.answer();
    // Before the body is read: who may not call has nothing to send.
    checkAccess(found.name, found.route.access, caller);
    const turn = exchange.call.turn?.(isOpen ? null : ownerOf(caller));
    return turn instanceof Promise
      ? turn.then(() => this.#afterWaiting(exchange, found, caller))
      : this.#read(exchange, found, caller);
  }

  #afterWaiting(exchange: Exchange, found: FoundRoute, caller: Caller): Answer | Promise<Answer> {
    exchange.started = this.#parts.stopwatch();
    // Its session may have ended meanwhile.
    this.#parts.access.confirm(caller);
    return this.#read(exchange, found, caller);
  }

  #read(exchange: Exchange, found: FoundRoute, caller: Caller): Answer | Promise<Answer> {
    if (found.route.method === "GET") return this.#work(exchange, found, caller, null);
    const body = exchange.call.body();
    return body instanceof Promise
      ? body.then((read) => this.#work(exchange, found, caller, read))
      : this.#work(exchange, found, caller, body);
  }

  /** Answers, and tells how long that took where somebody wants to know. */
  #work(
    exchange: Exchange,
    found: FoundRoute,
    caller: Caller,
    body: string | null,
  ): Answer | Promise<Answer> {
    const { call } = exchange;
    exchange.body = body;
    if (call.took === undefined) return this.#answer(exchange, found, caller, body);
    const before = this.#parts.stopwatch();
    const tell = () => call.took?.(this.#parts.stopwatch() - before);
    let answer: Answer | Promise<Answer> | null = null;
    try {
      answer = this.#answer(exchange, found, caller, body);
      return answer instanceof Promise ? answer.finally(tell) : answer;
    } finally {
      if (!(answer instanceof Promise)) tell();
    }
  }

  /** Counts the request before it says who may not call, so that guessing is counted too. */
  #identified(exchange: Exchange): Caller {
    let credentials: Credentials = {};
    try {
      credentials = exchange.call.credentials();
      exchange.caller = this.#parts.access.identify(credentials);
    } catch (error) {
      this.#countStranger(exchange, this.#parts.access.wereValid(credentials));
      if ("route" in exchange.call.found) throw error;
      return ANONYMOUS;
    }
    if (exchange.caller.kind === "anonymous") this.#countStranger(exchange, false);
    else {
      exchange.rate = this.#parts.operations.admit(exchange.caller);
      if (exchange.rate.retryAfterSeconds !== null) throw rateLimited(exchange.rate.retryAfterSeconds);
    }
    return exchange.caller;
  }

  /** Who shows the token of a session that is over is counted, and is told of the session all the same: it has to connect again. */
  #countStranger(exchange: Exchange, isKnown: boolean): void {
    exchange.rate = this.#parts.operations.admitStranger(exchange.call.remote());
    const { retryAfterSeconds } = exchange.rate;
    if (retryAfterSeconds !== null && !isKnown) throw rateLimited(retryAfterSeconds);
  }

  #answer(
    exchange: Exchange,
    { name, params }: FoundRoute,
    caller: Caller,
    body: string | null,
  ): Answer | Promise<Answer> {
    const { call } = exchange;
    const { operations, documents } = this.#parts;
    if (body !== null) exchange.rate = operations.charge(caller, body) ?? exchange.rate;
    const input: OperationInput = {
      params,
      query: call.query(),
      body: body === null ? undefined : readJson(body),
    };
    switch (name) {
      case "openapi":
        return this.#document(name, input, () => documents.openapi());
      case "asyncapi":
        return this.#document(name, input, () => documents.asyncapi());
      case "docs":
        return this.#document(name, input, () => documents.page());
      case "taskOutput":
        return this.#output(call, caller, operations.check(name, caller, input));
      case "metrics":
        return this.#metrics(caller, input);
      case "taskDiff": {
        const { origin } = call;
        const { answer } = operations.run(name, caller, input, { origin });
        return success(typeOf(routes[name]), String(answer));
      }
      case "batch":
        return this.#batch(exchange, caller, operations.check(name, caller, input));
      case "workerList":
      case "workerJoin":
      case "workerClaim":
      case "workerObserve":
      case "workerLeave":
      case "taskReport":
      case "taskFinish":
      case "taskReviewed":
        return this.#workers(exchange, name, caller, input);
      default: {
        const { origin, idempotencyKey } = call;
        const result = operations.run(name, caller, input, { origin, idempotencyKey });
        return result.later ? this.#later(exchange, result.later) : this.#json(result);
      }
    }
  }

  /** A call that waited counts as what it took once that was over. */
  async #later(exchange: Exchange, later: Promise<OperationResult>): Promise<Answer> {
    try {
      const result = await later;
      return this.#json(result);
    } finally {
      exchange.started = this.#parts.stopwatch();
    }
  }

  /** A call of those who do the work. One that waits for a task counts as what it takes once it is there. */
  async #workers(
    exchange: Exchange,
    name: WorkerRouteName,
    caller: Caller,
    input: OperationInput,
  ): Promise<Answer> {
    const { signal, idempotencyKey } = exchange.call;
    const { workers } = await this.#parts.seldom.get();
    const result = await workers.run(name, caller, input, { signal, idempotencyKey });
    if (name === "workerClaim") exchange.started = this.#parts.stopwatch();
    return this.#json(result);
  }

  async #document(name: PlayRouteName, input: OperationInput, load: () => Promise<string>): Promise<Answer> {
    this.#parts.operations.check(name, ANONYMOUS, input);
    return success(typeOf(routes[name]), await load());
  }

  async #metrics(caller: Caller, input: OperationInput): Promise<Answer> {
    const { operations, stats, seldom } = this.#parts;
    operations.check("metrics", caller, input);
    const { code } = await seldom.get();
    return success(typeOf(routes.metrics), code.metricsText(operations.systemStatus(), stats));
  }

  async #output(call: DeskCall, caller: Caller, input: OperationInput): Promise<Answer> {
    const { task_id } = parsed("path", routes.taskOutput.params, input.params);
    const { offset = 0 } = parsedQuery(routes.taskOutput.query, input.query);
    const scope = scopeOf(caller);
    const { streams } = await this.#parts.seldom.get();
    const lines = streams.open({ scope, taskId: task_id, offset, signal: call.signal });
    if (!call.headersOnly) return success("application/x-ndjson", lines);
    void lines[Symbol.asyncIterator]().return?.();
    return success("application/x-ndjson", null);
  }

  async #batch(exchange: Exchange, caller: Caller, input: OperationInput): Promise<Answer> {
    const { operations, access, stats, seldom } = this.#parts;
    const { requests } = parsed("body", routes.batch.body, input.body);
    const { call, requestId } = exchange;
    const { code, match } = await seldom.get();
    const written = new Map<unknown, string>();
    const context = {
      caller,
      origin: call.origin,
      requestId,
      operations,
      access,
      stats,
      match,
      write: (body: unknown) => {
        const text = this.#texts.of(body);
        written.set(body, text);
        return text.length;
      },
      counted: (verdict: RateVerdict) => {
        exchange.rate = verdict;
      },
      understand: (error: unknown) => this.#understand(error, requestId),
    };
    const result = operations.once("batch", caller, input, call.idempotencyKey, () => ({
      answer: code.runBatch(requests, context),
    }));
    const waited = code.endBatch(requests, result.answer, context);
    if (waited === null) return this.#json(result, written);
    return this.#later(
      exchange,
      waited.then((answer) => ({ ...result, answer })),
    );
  }

  /** A success as JSON, with what its headers tell of it. */
  #json({ answer, replayed, nextCursor }: OperationResult, written?: ReadonlyMap<unknown, string>): Answer {
    const json = success("application/json", this.#texts.of(answer, written));
    if (typeof nextCursor === "string") json.headers["x-next-cursor"] = nextCursor;
    if (replayed) json.headers["idempotency-replayed"] = "true";
    return json;
  }

  #failure(thrown: unknown, { requestId }: Exchange): Answer {
    const error = this.#understand(thrown, requestId);
    const headers = failureHeaders(error);
    headers["content-type"] = "application/json";
    return { status: statusOf(error), headers, body: JSON.stringify(toErrorBody(error, requestId)) };
  }

  #understand(thrown: unknown, requestId: string): EngineError {
    const error = asEngineError(thrown);
    if (error !== thrown) this.#parts.onError(thrown, requestId);
    return error;
  }

  /** Adds the headers that every answer has, and counts it. */
  #finish({ status, headers, body }: Answer, exchange: Exchange): void {
    const { call, requestId, started, caller, rate } = exchange;
    headers["x-request-id"] = requestId;
    headers["cache-control"] = "no-store";
    if (rate !== null) {
      headers["ratelimit-limit"] = String(rate.limit);
      headers["ratelimit-remaining"] = String(rate.remaining);
      headers["ratelimit-reset"] = String(rate.resetSeconds);
    }
    const { stats, watch } = this.#parts;
    const ms = Math.max(0, this.#parts.stopwatch() - started);
    const found = "route" in call.found ? call.found : null;
    stats.record(found?.name ?? "none", status, ms);
    if (watch.size === 0) return;
    watch.tell(
      {
        via: "request",
        route: found?.name ?? null,
        params: found?.params ?? {},
        status,
        ms,
        request_id: requestId,
        caller: caller.id,
        error: status >= 400 && typeof body === "string" ? body : null,
      },
      { request: exchange.body, answer: typeof body === "string" ? body : null },
    );
  }
}

function success(mediaType: string, body: Answer["body"]): Answer {
  return { status: 200, headers: { "content-type": mediaType }, body };
}

function typeOf(route: Route): string {
  return route.answer.kind === "text" ? `${route.answer.mediaType}; charset=utf-8` : "application/json";
}
