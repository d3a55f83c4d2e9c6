import type {
  Ack,
  CancelTimer,
  Clock,
  CommandMethod,
  ErrorBody,
  PositionsResult,
} from "../../contract/index.js";
import { positionsResultSchema } from "../../contract/agents.js";
import { errorCodes, isErrorCode } from "../../contract/errors.js";
import { check } from "../../contract/schema.js";
import type { Lifetime } from "../../lifetime.js";
import { assertLive, stopError, stoppable } from "../../lifetime.js";
import { streamUnavailable } from "./stream-errors.js";
import { whereOf } from "./where-of.js";

/** Commands that wait for their answers at the same time, at the most; the next ones go over REST. */
export const COMMANDS_IN_FLIGHT_MAX = 256;

/** Milliseconds to wait for a command's answer before it is sent again over REST. */
export const COMMAND_TIMEOUT_MS = 10_000;

/** Frames of positions whose acks are waited for at the same time, at the most. */
export const POSITIONS_IN_FLIGHT_MAX = 256;

/**
 * Told what came of positions: what came to nothing, the error where all did or where nobody says, or null where their connection was lost
 * and nobody will.
 */
export type PositionsSettled = (outcome: PositionsResult | Error | null) => void;

interface CommandParts {
  readonly clock: Clock;
  readonly lifetime: Lifetime;
  readonly commandError: (body: ErrorBody, status: number, where: string) => Error;
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
  readonly #positions = new Map<string, { readonly settle: PositionsSettled; isOld: boolean }>();
  #patience: CancelTimer | null = null;

  constructor(parts: CommandParts) {
    this.#parts = parts;
  }

  /** How many wait. */
  get size(): number {
    return this.#pending.size;
  }

  /** Timers that run beside those of commands. */
  get timers(): number {
    return this.#patience === null ? 0 : 1;
  }

  /** Whether another frame of positions may be sent. */
  get takesPositions(): boolean {
    return this.#positions.size < POSITIONS_IN_FLIGHT_MAX;
  }

  /** Waits for the ack of a frame of positions. One timer does for all: they come with every frame of a game. */
  expect(id: string, settle: PositionsSettled): void {
    this.#positions.set(id, { settle, isOld: false });
    this.#patience ??= this.#parts.clock.setTimeout(this.#onPatience, COMMAND_TIMEOUT_MS);
  }

  /** No ack is to be waited for after all. */
  forget(id: string): void {
    this.#positions.delete(id);
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
    const positions = this.#positions.get(ack.id);
    if (positions !== undefined) {
      this.#positions.delete(ack.id);
      positions.settle(this.#outcomeOf(ack));
      return;
    }
    const pending = this.#pending.get(ack.id);
    if (pending === undefined) return;
    if (ack.ok) {
      pending.resolve(ack.result);
    } else {
      pending.reject(this.#errorOf(ack.error, pending.method));
    }
  }

  /** Their connection is lost: no answer will come any more. */
  lose(): void {
    this.#patience?.();
    this.#patience = null;
    const positions = [...this.#positions.values()];
    this.#positions.clear();
    for (const { settle } of positions) settle(null);
    for (const { reject } of [...this.#pending.values()]) reject(streamUnavailable("unknown"));
  }

  readonly #onPatience = (): void => {
    this.#patience = null;
    for (const [id, waiting] of [...this.#positions]) {
      if (waiting.isOld) {
        this.#positions.delete(id);
        waiting.settle(streamUnavailable("unknown"));
      }
      waiting.isOld = true;
    }
    if (this.#positions.size > 0)
      this.#patience = this.#parts.clock.setTimeout(this.#onPatience, COMMAND_TIMEOUT_MS);
  };

  #outcomeOf(ack: Ack): PositionsResult | Error {
    if (!ack.ok) return this.#errorOf(ack.error, "agents.moveMany");
    const read = check(positionsResultSchema, ack.result, "ack");
    return read.ok ? read.value : streamUnavailable("unknown");
  }

  #errorOf(body: ErrorBody, method: CommandMethod): Error {
    const { code } = body;
    const status = isErrorCode(code) ? errorCodes[code].status : 400;
    return this.#parts.commandError(body, status, whereOf(method));
  }
}
