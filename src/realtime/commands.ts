import type { Ack, Clock, CommandMethod, ErrorBody } from "../contract/index.js";
import { CancelledError, isNetworkError, NetworkError } from "../errors/index.js";

/** Commands that wait for their answers at the same time, at the most; the next ones go over REST. */
export const COMMANDS_IN_FLIGHT_MAX = 256;

/** Milliseconds to wait for a command's answer before it is sent again over REST. */
export const COMMAND_TIMEOUT_MS = 10_000;

const CODE = "stream_unavailable";

/**
 * Whether a command was refused only since the stream could not carry it, or was lost on the way:
 * send it again over REST under the same id, and it happens once.
 */
export function isStreamUnavailable(error: unknown): error is NetworkError {
  return isNetworkError(error) && error.code === CODE;
}

/** The error that says: send it over REST. */
export function streamUnavailable(why: string, outcome: "not_sent" | "unknown"): NetworkError {
  return new NetworkError(`The event stream cannot carry the command: ${why}.`, {
    code: CODE,
    outcome,
    retryable: true,
    remediation: "Send it over REST with the same idempotency key.",
  });
}

function cancelled(): CancelledError {
  return new CancelledError("The command was cancelled by its signal.", {
    code: "cancelled",
    outcome: "unknown",
    remediation: "Look at the task or agent to see whether it happened.",
  });
}

interface Pending {
  settle(ack: Ack): void;
  fail(error: Error): void;
}

/** The commands that wait for their answers. */
export class Commands {
  readonly #clock: Clock;
  readonly #toError: (body: ErrorBody) => Error;
  readonly #pending = new Map<string, Pending>();

  constructor(clock: Clock, toError: (body: ErrorBody) => Error) {
    this.#clock = clock;
    this.#toError = toError;
  }

  /** How many wait. */
  get size(): number {
    return this.#pending.size;
  }

  /** Sends a command and waits for its answer. `send` tells whether the socket took it. */
  async run(
    frame: { readonly id: string; readonly method: CommandMethod; readonly params: Record<string, unknown> },
    send: (text: string) => boolean,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const { id } = frame;
    if (signal?.aborted === true) throw cancelled();
    if (this.#pending.has(id)) throw streamUnavailable("a command with its id is under way", "unknown");
    if (this.#pending.size >= COMMANDS_IN_FLIGHT_MAX) throw streamUnavailable("too many wait", "not_sent");
    return new Promise((resolve, reject) => {
      const end = () => {
        this.#pending.delete(id);
        forget();
        signal?.removeEventListener("abort", abort);
      };
      const pending: Pending = {
        settle: (ack) => {
          end();
          if (ack.ok) resolve(ack.result);
          else reject(this.#toError(ack.error));
        },
        fail: (error) => {
          end();
          reject(error);
        },
      };
      const abort = () => pending.fail(cancelled());
      const forget = this.#clock.setTimeout(
        () => pending.fail(streamUnavailable("no answer came in time", "unknown")),
        COMMAND_TIMEOUT_MS,
      );
      signal?.addEventListener("abort", abort, { once: true });
      this.#pending.set(id, pending);
      if (!send(JSON.stringify({ type: "command", ...frame }))) {
        pending.fail(streamUnavailable("it is not live, or its line is full", "not_sent"));
      }
    });
  }

  /** An answer came; one that nobody waits for is dropped. */
  settle(ack: Ack): void {
    this.#pending.get(ack.id)?.settle(ack);
  }

  /** No answer will come any more. */
  fail(error: () => Error): void {
    for (const pending of [...this.#pending.values()]) pending.fail(error());
  }
}
