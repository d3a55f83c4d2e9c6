import type { Ack, Clock, CommandMethod, ErrorBody } from "../contract/index.js";
import { errorCodes, isErrorCode } from "../contract/errors.js";
import type { Lifetime } from "../lifetime.js";
import { assertLive, stopError, stoppable } from "../lifetime.js";
import { streamUnavailable } from "./stream-errors.js";

/** Commands that wait for their answers at the same time, at the most; the next ones go over REST. */
export const COMMANDS_IN_FLIGHT_MAX = 256;

/** Milliseconds to wait for a command's answer before it is sent again over REST. */
export const COMMAND_TIMEOUT_MS = 10_000;

interface CommandParts {
  readonly clock: Clock;
  readonly lifetime: Lifetime;
  readonly commandError: (body: ErrorBody, status: number, method: CommandMethod) => Error;
  /** Sends a frame; false where it cannot. */
  readonly send: (text: string) => boolean;
}

interface Pending {
  readonly method: CommandMethod;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The commands that wait for their answers. */
export class Commands {
  readonly #parts: CommandParts;
  readonly #pending = new Map<string, Pending>();

  constructor(parts: CommandParts) {
    this.#parts = parts;
  }

  /** How many wait. */
  get size(): number {
    return this.#pending.size;
  }

  /** Sends a command and waits for its answer. */
  async run(
    id: string,
    method: CommandMethod,
    params: Record<string, unknown>,
    signal: AbortSignal | undefined,
    timeoutMs = COMMAND_TIMEOUT_MS,
  ): Promise<unknown> {
    const { clock, lifetime, send } = this.#parts;
    assertLive(lifetime, signal, method);
    if (this.#pending.has(id) || this.size >= COMMANDS_IN_FLIGHT_MAX) throw streamUnavailable("not_sent");
    const frame = JSON.stringify({ type: "command", id, method, params });
    const stopped = () => stopError(lifetime, method, "unknown");
    return stoppable<unknown>(lifetime, signal, stopped, (resolve, reject) => {
      this.#pending.set(id, { method, resolve, reject });
      const waitMs = Math.min(timeoutMs, COMMAND_TIMEOUT_MS);
      const cancel = clock.setTimeout(() => reject(streamUnavailable("unknown")), waitMs);
      // Not before it can be let go of again.
      if (!send(frame)) queueMicrotask(() => reject(streamUnavailable("not_sent")));
      return () => {
        this.#pending.delete(id);
        cancel();
      };
    });
  }

  /** An answer came; one that nobody waits for is dropped. */
  settle(ack: Ack): void {
    const pending = this.#pending.get(ack.id);
    if (pending === undefined) return;
    if (ack.ok) {
      pending.resolve(ack.result);
    } else {
      const { code } = ack.error;
      const status = isErrorCode(code) ? errorCodes[code].status : 400;
      pending.reject(this.#parts.commandError(ack.error, status, pending.method));
    }
  }

  /** Their connection is lost: no answer will come any more. */
  lose(): void {
    for (const { reject } of [...this.#pending.values()]) reject(streamUnavailable("unknown"));
  }
}
