import * as z from "zod";
import type { AgentProcess } from "../../processes/processes.js";

const id = z.union([z.string(), z.number()]);

const message = z.looseObject({
  id: id.optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.looseObject({ message: z.string().default("no reason given") }).optional(),
});

/** What stands in a line of codex's: a request that waits for its answer, something that it tells, or no message at all. */
export type Heard =
  | { readonly kind: "request"; readonly id: string | number; readonly value: unknown }
  | { readonly kind: "notification"; readonly value: unknown }
  | { readonly kind: "text"; readonly text: string };

/** A call that codex has refused, in its own words, or to which there comes no answer any more. */
export class CallFailed extends Error {
  override readonly name = "CallFailed";

  /** @param hasEnded Whether there was nobody any more to answer. */
  constructor(
    message: string,
    readonly hasEnded = false,
  ) {
    super(message);
  }
}

/** Speaks JSON-RPC with codex's app-server, a message a line. */
export class Rpc {
  readonly #process: AgentProcess;
  readonly #waiting = new Map<
    number,
    { readonly done: (result: unknown) => void; readonly failed: (error: CallFailed) => void }
  >();
  #count = 0;
  #closed = false;

  constructor(process: AgentProcess) {
    this.#process = process;
  }

  /** Calls one of codex's methods. It rejects with what codex has against it, or when codex has ended. */
  call(method: string, params: object): Promise<unknown> {
    if (this.#closed) return Promise.reject(new CallFailed(`codex has ended before ${method}`, true));
    this.#count += 1;
    const own = this.#count;
    const answer = new Promise<unknown>((done, failed) => this.#waiting.set(own, { done, failed }));
    this.#write({ id: own, method, params });
    return answer;
  }

  notify(method: string): void {
    this.#write({ method });
  }

  answer(to: string | number, result: object): void {
    this.#write({ id: to, result });
  }

  refuse(to: string | number, reason: string): void {
    this.#write({ id: to, error: { code: -32_601, message: reason } });
  }

  /** Reads a line. Null where it was the answer to a call. */
  read(line: string): Heard | null {
    const read = message.safeParse(jsonOf(line));
    if (!read.success) return { kind: "text", text: line };
    const { id: from, method, result, error } = read.data;
    if (method !== undefined)
      return from === undefined
        ? { kind: "notification", value: read.data }
        : { kind: "request", id: from, value: read.data };
    const waiting = typeof from === "number" ? this.#waiting.get(from) : undefined;
    if (waiting === undefined || typeof from !== "number") return null;
    this.#waiting.delete(from);
    if (error === undefined) waiting.done(result);
    else waiting.failed(new CallFailed(error.message));
    return null;
  }

  /** codex has ended: nothing that was called is answered any more. */
  close(): void {
    this.#closed = true;
    for (const { failed } of this.#waiting.values()) failed(new CallFailed("codex has ended", true));
    this.#waiting.clear();
  }

  #write(value: object): void {
    this.#process.write(`${JSON.stringify(value)}\n`);
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
