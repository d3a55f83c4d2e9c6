import type { Caller, WorkerDesk } from "../calls/index.js";
import type { WorkMethod } from "../../src/contract/index.js";
import { EngineError } from "../domain/index.js";
import type { IncomingCommand } from "./client-frame.js";
import { runWorkCommand, type CommandRunner } from "./commands.js";

/** Workers that one connection speaks for at the most. */
const WORKERS_A_CONNECTION = 64;

/** What a connection of workers stands on. */
export interface WorkerConnectionParts {
  readonly runner: CommandRunner;
  /** Gets what answers calls of workers. */
  readonly desk: () => Promise<Pick<WorkerDesk, "run" | "attach">>;
  readonly caller: Caller;
  /** Sends a frame to the other end. */
  readonly send: (text: string) => void;
}

/** The part of a connection that workers have: their commands, and the notices that each of the caller's own workers hears from its first claim on. */
export class WorkerConnection {
  readonly #parts: WorkerConnectionParts;
  readonly #gone = new AbortController();
  readonly #heard = new Map<string, () => void>();

  constructor(parts: WorkerConnectionParts) {
    this.#parts = parts;
  }

  /** Runs a command, and sends its ack. */
  async run(command: IncomingCommand<WorkMethod>): Promise<EngineError | null> {
    const { runner, desk, caller, send } = this.#parts;
    const { signal } = this.#gone;
    const { ack, error } = await runWorkCommand(runner, caller, command, async (name, input, key) => {
      const { run, attach } = await desk();
      // A claim that nobody waits for any more must begin nothing.
      if (signal.aborted) throw new EngineError("unavailable", "The caller has left.");
      const isClaim = name === "workerClaim";
      // From before the claim on: what comes about while it is answered is told too.
      const undo = isClaim ? this.#attach(attach, input.params?.["worker_id"] ?? "") : null;
      try {
        return (await run(name, caller, input, { idempotencyKey: key, signal })).answer;
      } catch (thrown) {
        undo?.();
        throw thrown;
      }
    });
    if (!signal.aborted) send(ack);
    return error;
  }

  /** The connection is over: claims that wait end, and nobody is told anything any more. */
  close(): void {
    this.#gone.abort();
    for (const undo of this.#heard.values()) undo();
    this.#heard.clear();
  }

  /** Gives the undo of what was begun now; null where the worker is heard already, and where it is not the caller's, as the call will say. */
  #attach(attach: WorkerDesk["attach"], workerId: string): (() => void) | null {
    if (this.#gone.signal.aborted || this.#heard.has(workerId)) return null;
    if (this.#heard.size >= WORKERS_A_CONNECTION) {
      throw new EngineError(
        "unavailable",
        `One connection speaks for ${WORKERS_A_CONNECTION} workers and no more.`,
        { retryAfterSeconds: 60 },
      );
    }
    const end = attach(
      this.#parts.caller,
      workerId,
      (notice) => {
        this.#parts.send(JSON.stringify(notice));
      },
      () => this.#heard.delete(workerId),
    );
    if (end === null) return null;
    this.#heard.set(workerId, end);
    return () => {
      end();
      this.#heard.delete(workerId);
    };
  }
}
