import type { Clock, Output, Random, Route, Schema } from "../../contract/index.js";
import { isAgentVMError } from "../../errors/agentvm-error.js";
import { isCancelledError } from "../../errors/cancelled-error.js";
import { isClosedError } from "../../errors/closed-error.js";
import { ContractError } from "../../errors/contract-error.js";
import { missingGlobal } from "../../errors/missing-global.js";
import { NetworkError } from "../../errors/network-error.js";
import { TimeoutError } from "../../errors/timeout-error.js";
import type { AgentVMError } from "../../errors/index.js";
import { assertLive, sleep, stopError, stoppable } from "../../lifetime.js";
import type { Lifetime } from "../../lifetime.js";
import { nextCursorOf, parseJson, readAnswer, readItems, refusalOf } from "./answer.js";
import type { Answered } from "./answer.js";
import type { CallWatch, WatchedCall } from "./call-watch.js";
import { backoff } from "./backoff.js";
import type { Credential, Credentials } from "./credentials.js";
import { missingIn, toFailure } from "./failure.js";
import type { Log } from "./logger.js";
import type { CallOptions } from "./options.js";
import { pageOf } from "./page.js";
import type { Page } from "./page.js";
import { redact, secretsIn } from "./redact.js";
import { nameOf, writeRequest } from "./request.js";
import type { CallInput, ReadyRequest } from "./request.js";
import { TooLarge } from "./transport.js";
import type { Transport } from "./transport.js";

/** What a caller stands on. */
export interface CallerParts {
  /** The endpoint with its base path, without a slash at the end. */
  readonly endpoint: string;
  readonly transport: Transport;
  readonly credentials: Credentials;
  readonly lifetime: Lifetime;
  /** What ends requests that were sent, where that is not what ends the call: it is a while longer there. */
  readonly requests?: Lifetime | undefined;
  /** Whether requests are to arrive even if the page goes away meanwhile. */
  readonly outlivesPage?: boolean | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log | undefined;
  readonly retries: number;
  readonly timeoutMs: number;
  readonly totalTimeoutMs: number;
  /** Who measures the calls, where somebody may. */
  readonly watch?: CallWatch | undefined;
}

/** A route that answers in one way. */
export type Answering<A> = Route & { readonly answer: A };

/** Where a call stands before its first attempt. */
interface Before {
  /** Whether it may have been done already, by another way. */
  readonly doubt: boolean;
}

/** The time that one step of a call has. */
export interface Limit {
  readonly where: string;
  readonly ms: number;
  readonly code: "timeout" | "total_timeout";
  readonly signal: AbortSignal | undefined;
}

/** What a DELETE comes to whose first try did the work and lost its answer. */
const GONE = JSON.stringify({ success: true, message: "It is removed." });

/** Makes the calls of the contract: checked both ways, in time, tried again where that is safe. */
export class Caller {
  /** What it stands on. */
  readonly parts: CallerParts;

  constructor(parts: CallerParts) {
    this.parts = parts;
  }

  /** Makes a call that answers with one JSON value. */
  async json<S extends Schema>(
    route: Answering<{ readonly kind: "json"; readonly schema: S }>,
    input: CallInput = {},
    options: CallOptions = {},
    before: Before = { doubt: false },
  ): Promise<Output<S>> {
    const answered = await this.send(route, input, options, false, before);
    return readAnswer(answered, route.answer.schema, parseJson(answered, answered.response.text));
  }

  /** Makes a call that answers with one page of a list. */
  async page<S extends Schema>(
    route: Answering<{ readonly kind: "list"; readonly item: S }>,
    input: CallInput,
    options: CallOptions = {},
  ): Promise<Page<Output<S>>> {
    const answered = await this.send(route, input, options, false);
    const items = readItems(answered, route.answer.item, parseJson(answered, answered.response.text));
    return pageOf(items, nextCursorOf(answered, input.query));
  }

  /** Makes a call that answers with text. */
  async text(route: Route, options: CallOptions = {}, input: CallInput = {}): Promise<string> {
    return (await this.send(route, input, options, false)).response.text;
  }

  /** Makes a call, tried again where that is safe; gives its answer of success as it came. */
  send(
    route: Route,
    input: CallInput,
    options: CallOptions,
    stream: boolean,
    before: Before = { doubt: false },
  ): Promise<Answered> {
    const watched = this.parts.watch?.begin?.(nameOf(route));
    const answered = this.#send(route, input, options, stream, before, watched);
    if (watched === undefined) return answered;
    return answered.then(
      (answer) => {
        watched.ended(null);
        return answer;
      },
      (error: unknown) => {
        watched.ended(isAgentVMError(error) ? error.code : "unknown");
        throw error;
      },
    );
  }

  async #send(
    route: Route,
    input: CallInput,
    options: CallOptions,
    stream: boolean,
    before: Before,
    watched: WatchedCall | undefined,
  ): Promise<Answered> {
    const { clock, credentials, lifetime, log, random, retries, timeoutMs } = this.parts;
    const { signal } = options;
    const where = nameOf(route);
    assertLive(lifetime, signal, where);
    const request = writeRequest(route, input, options, random);
    const attemptMs = options.timeoutMs ?? timeoutMs;
    const deadline = clock.now() + (options.totalTimeoutMs ?? this.parts.totalTimeoutMs);
    let { doubt } = before;
    let renewed = false;
    for (let attempt = 0; ;) {
      const left = deadline - clock.now();
      const limit: Limit =
        left < attemptMs
          ? { where, ms: left, code: "total_timeout", signal }
          : { where, ms: attemptMs, code: "timeout", signal };
      let credential: Credential | undefined;
      let error: AgentVMError;
      try {
        const known = credentials.for(route.access);
        credential = known instanceof Promise ? await this.within(limit, () => known) : known;
        const answered = await this.#attempt(route, input, request, credential, limit, stream);
        const { status } = answered.response;
        if (status >= 200 && status < 300) return answered;
        if (status === 404 && doubt && route.method === "DELETE") {
          return { ...answered, response: { ...answered.response, text: GONE } };
        }
        error = refusalOf(answered, doubt);
      } catch (thrown) {
        error = this.errorOf(where, thrown, doubt);
      }
      if (error.outcome === "unknown" && route.method !== "GET") doubt = true;
      if (error.status === 401 && credential && !renewed) {
        renewed = true;
        if (await this.#renew(credential, route, limit)) continue;
      }
      if (attempt >= retries || !error.retryable || error.status === 409) throw error;
      const delayMs = error.retryAfterMs ?? backoff(attempt, random);
      if (clock.now() + delayMs >= deadline) throw error;
      attempt += 1;
      watched?.retried();
      log?.("warn", `${error.message} Try ${attempt + 1} of ${retries + 1} in ${Math.round(delayMs)} ms.`);
      await sleep(clock, delayMs, lifetime, signal, () => stopError(lifetime, where, error.outcome));
    }
  }

  #attempt(
    route: Route,
    { params, query }: CallInput,
    request: ReadyRequest,
    credential: Credential,
    limit: Limit,
    stream: boolean,
  ): Promise<Answered> {
    const { clock, credentials, endpoint, lifetime, log, outlivesPage, transport } = this.parts;
    const { requests = lifetime } = this.parts;
    const headers = { ...request.headers, ...credential };
    const attempt = async (signal: AbortSignal, abort: () => void): Promise<Answered> => {
      const response = await transport.send({
        route,
        params,
        query,
        url: endpoint + request.target,
        headers,
        body: request.body,
        signal,
        stream,
        outlivesPage,
      });
      log?.("debug", `${limit.where} answered ${response.status}.`);
      return {
        where: limit.where,
        response,
        now: clock.now(),
        clean: (text) => redact(text, [...secretsIn(headers), ...credentials.secrets()]),
        abort,
      };
    };
    return this.within(limit, attempt, requests);
  }

  /** Does one step of a call, which time, `close()` and the caller's signal can end. */
  within<T>(
    limit: Limit,
    start: (signal: AbortSignal, abort: () => void) => Promise<T>,
    lifetime = this.parts.lifetime,
  ): Promise<T> {
    const { clock } = this.parts;
    const stopped = (): AgentVMError => stopError(lifetime, limit.where, "unknown");
    return stoppable<T>(lifetime, limit.signal, stopped, (resolve, reject) => {
      const controller = new AbortController();
      let done = false;
      const cancelTimer = clock.setTimeout(() => {
        reject(
          new TimeoutError(`${limit.where}: no answer within ${Math.round(limit.ms)} ms.`, {
            code: limit.code,
            outcome: "unknown",
            retryable: true,
            remediation: `Try again, or allow more time with ${limit.code === "timeout" ? "timeoutMs" : "totalTimeoutMs"}.`,
          }),
        );
      }, limit.ms);
      start(controller.signal, () => controller.abort()).then((value) => {
        done = true;
        resolve(value);
      }, reject);
      return () => {
        cancelTimer();
        if (!done) controller.abort();
      };
    });
  }

  /** What was thrown, as an error of this package. */
  errorOf(where: string, thrown: unknown, doubt: boolean): AgentVMError {
    if (isAgentVMError(thrown)) return thrown;
    const failure = toFailure(thrown, {});
    const missing = missingIn(failure);
    if (missing !== null) return missingGlobal(where, missing);
    if (failure instanceof TooLarge) {
      return new ContractError(`${where}: ${failure.message}, and was not read further.`, {
        code: "answer_too_large",
        outcome: "unknown",
        remediation: "Ask for less at once, with limit say, or raise maxAnswerBytes.",
      });
    }
    return new NetworkError(`${where}: no answer from ${this.parts.endpoint}: ${failure.message}.`, {
      code: failure.sent === "no" ? "unreachable" : "connection_lost",
      outcome: failure.sent === "no" && !doubt ? "not_sent" : "unknown",
      retryable: true,
      remediation: "Check that the server runs at that endpoint and can be reached from here.",
    });
  }

  async #renew(used: Credential, route: Route, limit: Limit): Promise<boolean> {
    try {
      return await this.within(limit, () => this.parts.credentials.renew(used, route.access));
    } catch (error) {
      if (isCancelledError(error) || isClosedError(error)) throw error;
      if (isAgentVMError(error)) this.parts.log?.("warn", `No new credentials: ${error.message}`);
      return false;
    }
  }
}
