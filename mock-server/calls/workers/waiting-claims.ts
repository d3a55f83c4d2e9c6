import type { CancelTimer, Clock } from "../../../src/contract/index.js";
import { onAbort } from "../../../src/contract/on-abort.js";
import type { Engine } from "../../domain/index.js";
import type { WorkerCalls } from "../../domain/workers.js";

/** Why a claim waits no more: there may be a task, its time is over or another one came in its place, or its caller has left. */
type Woken = "news" | "over" | "left";

/** One claim that waits. */
interface Waiting {
  readonly hasWork: () => boolean;
  readonly wake: (why: Woken) => void;
}

/**
 * Claims that wait until there is a task, at most one of each worker. They are woken one after the other, the one that has waited longest
 * first, so that each finds what those before it have left.
 */
export class WaitingClaims {
  readonly #engine: Pick<Engine, "log">;
  readonly #onReview: WorkerCalls["onReview"];
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Waiting>();
  #forgetLog: readonly (() => void)[] = [];

  /**
   * @param clock In whose time they wait.
   * @param onReview Tells of reviews, for which claims wait too.
   */
  constructor(engine: Pick<Engine, "log">, clock: Clock, onReview: WorkerCalls["onReview"]) {
    this.#onReview = onReview;
    this.#engine = engine;
    this.#clock = clock;
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Waits until there is a task for a worker. Another claim of the same worker takes the place of this one. */
  wait(
    workerId: string,
    ms: number,
    hasWork: () => boolean,
    signal: AbortSignal | undefined,
  ): Promise<Woken> {
    this.#waiting.get(workerId)?.wake("over");
    return new Promise((resolve) => {
      let cancel: CancelTimer = () => undefined;
      let forget: () => void = () => undefined;
      const waiting: Waiting = {
        hasWork,
        wake: (why) => {
          if (this.#waiting.get(workerId) !== waiting) return;
          this.#waiting.delete(workerId);
          cancel();
          forget();
          if (this.#waiting.size === 0) this.#rest();
          resolve(why);
        },
      };
      this.#waiting.set(workerId, waiting);
      this.#listen();
      cancel = this.#clock.setTimeout(() => waiting.wake("over"), ms);
      forget = onAbort(signal, () => waiting.wake("left"));
      if (signal?.aborted === true) waiting.wake("left");
    });
  }

  /** All of them are over. */
  close(): void {
    for (const { wake } of [...this.#waiting.values()]) wake("left");
  }

  /** Wakes the first for whom there may be a task. Whoever was woken calls this when it has tried: there may be more. */
  stir(): void {
    for (const { hasWork, wake } of this.#waiting.values()) {
      if (!hasWork()) continue;
      wake("news");
      return;
    }
  }

  #listen(): void {
    if (this.#forgetLog.length > 0) return;
    let mayBeWork = false;
    this.#forgetLog = [
      this.#engine.log.subscribe(({ type }) => {
        mayBeWork ||= type === "task.assigned" || type === "agent.state_changed";
      }),
      this.#engine.log.onTold(() => {
        if (!mayBeWork) return;
        mayBeWork = false;
        this.stir();
      }),
      this.#onReview(() => this.stir()),
    ];
  }

  #rest(): void {
    for (const forget of this.#forgetLog) forget();
    this.#forgetLog = [];
  }
}
