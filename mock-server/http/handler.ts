import { routes } from "../../src/contract/index.js";
import type { Route, RouteName } from "../../src/contract/index.js";
import type { EngineError, RateVerdict } from "../engine/index.js";
import { checkAccess, scopeOf } from "../operations/access.js";
import { ANONYMOUS, asEngineError, toErrorBody } from "../operations/index.js";
import type { Access, Caller, OperationInput, Operations, Stats } from "../operations/index.js";
import { parsed, parsedQuery } from "../operations/input.js";
import { readBody } from "./body.js";
import type { ReadBody } from "./body.js";
import type { Cors } from "./cors.js";
import { credentialsOf } from "./credentials.js";
import { failureHeaders, methodNotAllowed, rateLimited, routeNotFound, statusOf } from "./failures.js";
import { finish, given, jsonOf } from "./finish.js";
import type { Given } from "./finish.js";
import type { LateParts } from "./late.js";
import { createMatcher } from "./matcher.js";
import type { Match } from "./matcher.js";
import { parseQuery, splitTarget } from "./target.js";
import type { Documents, HttpCall, HttpHandler } from "./types.js";

/** What the handler stands on. */
export interface HttpParts {
  readonly operations: Operations;
  readonly access: Access;
  readonly stats: Stats;
  readonly late: LateParts;
  readonly cors: Cors;
  readonly documents: Documents;
  /** Makes the id of a request that brought none. */
  requestId(): string;
  /** Milliseconds from any beginning; times how long answers take. */
  stopwatch(): number;
  /** Told what was thrown by mistake; the caller is told nothing of it but the request id. */
  onError(error: unknown, requestId: string): void;
}

/** One request on its way. */
interface Exchange {
  readonly call: HttpCall;
  readonly requestId: string;
  readonly path: string;
  readonly query: string | undefined;
  readonly found: Match;
  /** What the rate limiter said last; null where nothing is counted. */
  rate: RateVerdict | null;
}

type FoundRoute = Extract<Match, { kind: "route" }>;

/** Request ids that are taken over from the caller: visible ASCII that is harmless in logs and headers. */
const SANE_REQUEST_ID = /^[A-Za-z0-9._:/+=@-]{1,128}$/;

/** Makes the handler that answers every call of the contract except the event stream. */
export function createHttpHandler(parts: HttpParts): HttpHandler {
  return new Handler(parts, createMatcher()).handle;
}

class Handler {
  readonly #parts: HttpParts;
  readonly #match: ReturnType<typeof createMatcher>;

  constructor(parts: HttpParts, match: ReturnType<typeof createMatcher>) {
    this.#parts = parts;
    this.#match = match;
  }

  readonly handle: HttpHandler = (call) => {
    const started = this.#parts.stopwatch();
    const asked = call.header("x-request-id");
    const requestId = asked !== undefined && SANE_REQUEST_ID.test(asked) ? asked : this.#parts.requestId();
    const { path, query } = splitTarget(call.target);
    const found = this.#match(call.method, path);
    const exchange: Exchange = { call, requestId, path, query, found, rate: null };

    const end = (answer: Given) => {
      const finished = finish(answer, call, requestId, exchange.rate, this.#parts.cors);
      const name = found.kind === "route" ? found.name : "none";
      this.#parts.stats.record(name, finished.status, Math.max(0, this.#parts.stopwatch() - started));
      return finished;
    };
    try {
      const answer = this.#respond(exchange);
      if (!(answer instanceof Promise)) return end(answer);
      return answer.catch((error: unknown) => this.#failure(error, exchange)).then(end);
    } catch (error) {
      return end(this.#failure(error, exchange));
    }
  };

  #respond(exchange: Exchange): Given | Promise<Given> {
    const { call, found, path } = exchange;
    if (call.method === "OPTIONS") return this.#options(exchange);
    if (found.kind === "route" && found.route.access === "open") return this.#run(exchange, found, ANONYMOUS);

    const caller = this.#identified(exchange);
    if (found.kind === "none") throw routeNotFound(call.method, path);
    if (found.kind === "method") throw methodNotAllowed(call.method, path, found.allow);
    return this.#run(exchange, found, caller);
  }

  /** Counts the request before it says who may not call, so that guessing is counted too. */
  #identified(exchange: Exchange): Caller {
    let caller: Caller = ANONYMOUS;
    let refused: { error: unknown } | null = null;
    try {
      caller = this.#parts.access.identify(credentialsOf(exchange.call));
    } catch (error) {
      refused = { error };
    }
    exchange.rate = this.#parts.operations.admit(caller);
    if (exchange.rate.retryAfterSeconds !== null) throw rateLimited(exchange.rate.retryAfterSeconds);
    if (refused !== null && exchange.found.kind === "route") throw refused.error;
    return caller;
  }

  #run(exchange: Exchange, found: FoundRoute, caller: Caller): Given | Promise<Given> {
    // Before the body is read: who may not call has nothing to send.
    checkAccess(found.route.access, caller);
    if (found.route.method === "GET") return this.#answer(exchange, found, caller, null);
    const body = readBody(exchange.call);
    return body instanceof Promise
      ? body.then((read) => this.#answer(exchange, found, caller, read))
      : this.#answer(exchange, found, caller, body);
  }

  #answer(exchange: Exchange, found: FoundRoute, caller: Caller, body: ReadBody): Given | Promise<Given> {
    const { name, params } = found;
    const input: OperationInput = { params, query: parseQuery(exchange.query), body: body?.value };
    const { operations, documents } = this.#parts;
    switch (name) {
      case "openapi":
        return this.#document(name, input, () => documents.openapi());
      case "asyncapi":
        return this.#document(name, input, () => documents.asyncapi());
      case "docs":
        return this.#document(name, input, () => documents.page());
      case "taskOutput":
        return this.#output(exchange, caller, operations.check(name, caller, input));
      case "metrics":
        return this.#metrics(caller, input);
      case "batch":
        return this.#batch(exchange, caller, operations.check(name, caller, input));
      default: {
        const { origin } = exchange.call;
        const result = operations.run(name, caller, input, { origin, idempotencyKey: keyOf(exchange) });
        return jsonOf(result);
      }
    }
  }

  async #document(name: RouteName, input: OperationInput, load: () => Promise<string>): Promise<Given> {
    this.#parts.operations.check(name, ANONYMOUS, input);
    return given(typeOf(routes[name]), await load());
  }

  async #metrics(caller: Caller, input: OperationInput): Promise<Given> {
    const { operations, stats, late } = this.#parts;
    operations.check("metrics", caller, input);
    const { code } = await late.get();
    return given(typeOf(routes.metrics), code.metricsText(operations.systemStatus(), stats));
  }

  async #output({ call }: Exchange, caller: Caller, input: OperationInput): Promise<Given> {
    const { task_id } = parsed("path", routes.taskOutput.params, input.params);
    const { offset = 0 } = parsedQuery(routes.taskOutput.query, input.query);
    const scope = scopeOf(caller);
    const { streams } = await this.#parts.late.get();
    const lines = streams.open({ scope, taskId: task_id, offset, signal: call.signal });
    if (call.method !== "HEAD") return given("application/x-ndjson", lines);
    void lines[Symbol.asyncIterator]().return?.();
    return given("application/x-ndjson", null);
  }

  async #batch(exchange: Exchange, caller: Caller, input: OperationInput): Promise<Given> {
    const { operations, access, stats, late } = this.#parts;
    const { requests } = parsed("body", routes.batch.body, input.body);
    const { call, requestId } = exchange;
    const { code } = await late.get();
    const result = operations.once("batch", caller, input, keyOf(exchange), () => ({
      answer: code.runBatch(requests, {
        caller,
        origin: call.origin,
        requestId,
        operations,
        access,
        stats,
        match: this.#match,
        counted: (verdict) => {
          exchange.rate = verdict;
        },
        understand: (error) => this.#understand(error, requestId),
      }),
    }));
    return jsonOf(result);
  }

  async #options({ call, found, path }: Exchange): Promise<Given> {
    const { code } = await this.#parts.late.get();
    const headers = code.preflightHeaders(call, this.#parts.cors);
    if (headers !== null) return { status: 200, headers, body: null };
    if (found.kind === "none") throw routeNotFound(call.method, path);
    return { status: 200, headers: found.kind === "method" ? { allow: found.allow } : {}, body: null };
  }

  #failure(thrown: unknown, { requestId, found }: Exchange): Given {
    const error = this.#understand(thrown, requestId);
    const headers = failureHeaders(error);
    if (found.kind === "method" && error.code === "method_not_allowed") headers["allow"] = found.allow;
    headers["content-type"] = "application/json";
    return { status: statusOf(error), headers, body: JSON.stringify(toErrorBody(error, requestId)) };
  }

  #understand(thrown: unknown, requestId: string): EngineError {
    const error = asEngineError(thrown);
    if (error !== thrown) this.#parts.onError(thrown, requestId);
    return error;
  }
}

function keyOf({ call }: Exchange): string | undefined {
  return call.method === "POST" ? call.header("idempotency-key") : undefined;
}

function typeOf(route: Route): string {
  return route.answer.kind === "text" ? `${route.answer.mediaType}; charset=utf-8` : "application/json";
}
