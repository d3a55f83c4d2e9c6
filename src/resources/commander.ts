import type * as z from "zod/mini";
import type { Clock, CommandMethod, Random, Schema } from "../contract/index.js";
import { isAgentVMError } from "../errors/index.js";
import type { AgentVMError } from "../errors/index.js";
import { readAnswer } from "../http/answer.js";
import type { Answering, Caller } from "../http/caller.js";
import type { CallOptions } from "../http/options.js";
import { nameOf, randomId, writeRequest } from "../http/request.js";
import type { CallInput } from "../http/request.js";
import { isStreamUnavailable } from "../realtime/stream-errors.js";
import type { EventStream } from "../realtime/event-stream.js";

/** What a {@link Commander} is made of. */
export interface CommanderParts {
  readonly caller: Caller;
  readonly stream: Pick<EventStream, "canSend" | "command">;
  readonly clock: Clock;
  readonly random: Random;
  readonly timeoutMs: number;
  readonly totalTimeoutMs: number;
}

/** Whether the same call may go better over REST: the stream did not carry it, or it is to be tried again. */
function mayGoByRest(error: unknown): error is AgentVMError {
  if (!isAgentVMError(error)) return false;
  const { status, retryable } = error;
  return isStreamUnavailable(error) || status === 401 || (retryable && status !== 409);
}

/**
 * Makes the calls that can go over the event stream: over it where it is live, over REST where it is not, and over REST
 * again where it was lost on the way. All of it is under one idempotency key, so that it happens once.
 */
export class Commander {
  readonly #parts: CommanderParts;

  constructor(parts: CommanderParts) {
    this.#parts = parts;
  }

  async json<S extends Schema>(
    method: CommandMethod,
    route: Answering<{ readonly kind: "json"; readonly schema: S }>,
    input: CallInput,
    options: CallOptions = {},
  ): Promise<z.output<S>> {
    const { caller, stream, clock, random } = this.#parts;
    const { headers, idempotencyKey = randomId(random), signal } = options;
    const named = route.method === "POST" ? { ...options, idempotencyKey } : options;
    // Headers of the caller's own can only go by HTTP.
    if (!stream.canSend || headers !== undefined) return caller.json(route, input, named);
    // What is wrong is found before anything is sent, as over REST.
    writeRequest(route, input, named, random);
    const { timeoutMs = this.#parts.timeoutMs, totalTimeoutMs = this.#parts.totalTimeoutMs } = options;
    const end = clock.now() + totalTimeoutMs;
    try {
      const params = { ...input.params, ...input.body };
      const limitMs = Math.min(timeoutMs, totalTimeoutMs);
      const answer = await stream.command(method, params, idempotencyKey, signal, limitMs);
      return readAnswer(answeredBy(nameOf(route), clock.now()), route.answer.schema, answer);
    } catch (error) {
      if (!mayGoByRest(error)) throw error;
      const doubt = error.outcome === "unknown";
      const left = Math.max(1, end - clock.now());
      return await caller.json(route, input, { ...named, totalTimeoutMs: left }, { doubt });
    }
  }
}

/** An answer that came over the stream, as what checks answers wants it. */
function answeredBy(where: string, now: number) {
  return {
    where,
    response: { status: 200, header: () => null, text: "", stream: null },
    now,
    clean: (text: string) => text,
    abort: () => undefined,
  };
}
