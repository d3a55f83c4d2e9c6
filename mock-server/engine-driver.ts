import type { CancelTimer, Clock } from "../src/contract/index.js";
import type { Engine } from "./domain/index.js";

/** Milliseconds of rest after the engine failed, so that work that always fails does not spin. */
const REST_MS = 1_000;

/** Keeps an engine's work going by a clock. */
export interface EngineDriver {
  /** When the engine's own work failed last, in milliseconds of the clock; null when it never did. */
  readonly failedAt: number | null;
  close(): void;
}

/** Runs the engine whenever something of it is due; between that there is one timer at the most. */
export function driveEngine(
  engine: Pick<Engine, "runDue" | "nextDueAt" | "onSchedule">,
  clock: Clock,
  onError: (error: unknown) => void,
): EngineDriver {
  let cancel: CancelTimer | null = null;
  let armedFor: number | null = null;
  let failedAt: number | null = null;

  const disarm = (): void => {
    cancel?.();
    cancel = null;
    armedFor = null;
  };

  const armAt = (time: number | null): void => {
    if (time === armedFor) return;
    disarm();
    if (time === null) return;
    armedFor = time;
    cancel = clock.setTimeout(run, Math.max(0, time - clock.now()));
  };

  const arm = (): void => {
    armAt(engine.nextDueAt());
  };

  const run = (): void => {
    cancel = null;
    armedFor = null;
    try {
      engine.runDue();
      arm();
    } catch (error) {
      failedAt = clock.now();
      armAt(failedAt + REST_MS);
      onError(error);
    }
  };

  const undo = engine.onSchedule(arm);
  arm();
  return {
    get failedAt() {
      return failedAt;
    },
    close() {
      undo();
      disarm();
    },
  };
}
