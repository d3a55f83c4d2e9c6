import type { Output, Schema } from "../../contract/index.js";
import type { AgentVMError } from "../../errors/index.js";
import { sleep, stopError } from "../../lifetime.js";
import { parseJson, readAnswer } from "./answer.js";
import { backoff } from "./backoff.js";
import type { Answering, Caller, Limit } from "./caller.js";
import { linesOf } from "./lines.js";
import type { CallOptions } from "./options.js";
import type { CallInput } from "./request.js";

/** Makes a call that answers with lines of JSON, and gives each as it comes. Each read has `timeoutMs`. */
export async function* answerLines<S extends Schema>(
  caller: Caller,
  route: Answering<{ readonly kind: "ndjson"; readonly line: S }>,
  input: CallInput,
  options: CallOptions = {},
): AsyncGenerator<Output<S>, void> {
  const answered = await caller.send(route, input, options, true);
  const { where, response } = answered;
  const ms = options.timeoutMs ?? caller.parts.timeoutMs;
  const limit: Limit = { where, ms, code: "timeout", signal: options.signal };
  try {
    if (!response.stream) return;
    for await (const text of linesOf(response.stream, (start) => caller.within(limit, start))) {
      yield readAnswer(answered, route.answer.line, parseJson(answered, text));
    }
  } catch (error) {
    throw caller.errorOf(where, error, false);
  } finally {
    answered.abort();
  }
}

/** Waits before one more try of what went wrong `failures` times in a row; throws when that was too often. */
export async function pause(
  caller: Caller,
  error: AgentVMError,
  failures: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { clock, lifetime, random, retries } = caller.parts;
  if (failures > retries) throw error;
  const delayMs = error.retryAfterMs ?? backoff(failures - 1, random);
  await sleep(clock, delayMs, lifetime, signal, () => stopError(lifetime, "Waiting", error.outcome));
}
