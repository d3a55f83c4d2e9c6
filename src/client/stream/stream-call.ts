import type { Clock, CommandMethod, Output, Random, Schema } from "../../contract/index.js";
import { isAgentVMError } from "../../errors/agentvm-error.js";
import type { AgentVMError } from "../../errors/index.js";
import { readAnswer } from "../http/answer.js";
import type { Answering, Caller } from "../http/caller.js";
import type { CallOptions } from "../http/options.js";
import { nameOf, randomId, writeRequest } from "../http/request.js";
import type { CallInput } from "../http/request.js";
import { isStreamUnavailable } from "./stream-errors.js";

/** What a call that goes over the stream needs. */
export interface StreamCallParts {
  readonly caller: Caller;
  readonly stream: {
    command(
      method: CommandMethod,
      params: Record<string, unknown>,
      id: string,
      signal: AbortSignal | undefined,
      timeoutMs: number,
    ): Promise<unknown>;
  };
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

/** Makes a call over the stream, and over REST under the same idempotency key where the stream loses it. */
export async function callByStream<S extends Schema>(
  parts: StreamCallParts,
  method: CommandMethod,
  route: Answering<{ readonly kind: "json"; readonly schema: S }>,
  input: CallInput,
  options: CallOptions,
): Promise<Output<S>> {
  const { caller, stream, clock, random } = parts;
  const { idempotencyKey = randomId(random), signal } = options;
  const { timeoutMs = parts.timeoutMs, totalTimeoutMs = parts.totalTimeoutMs } = options;
  const named = route.method === "POST" ? { ...options, idempotencyKey } : options;
  // What is wrong is found before anything is sent, as over REST.
  writeRequest(route, input, named, random);
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
