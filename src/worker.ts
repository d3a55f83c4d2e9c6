export { startWorker, type RunningWorker } from "./worker/start-worker.js";
export {
  startObserver,
  type ObserverOptions,
  type RunningObserver,
  type SeenSession,
  type SeenTurn,
} from "./worker/start-observer.js";
export type { WorkerOptions } from "./worker/worker-options.js";
export { WorkFailure } from "./worker/work-failure.js";
export type {
  Work,
  WorkAnswer,
  WorkByType,
  WorkChanges,
  WorkChild,
  WorkConflicts,
  WorkJob,
  WorkOutcome,
  WorkQuestion,
  WorkResult,
  WorkReview,
  WorkState,
  WorkUsage,
} from "./worker/types.js";
