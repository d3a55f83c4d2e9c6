export {
  createMockBackend,
  type InPageFetch,
  type MockBackend,
  type MockConnection,
} from "./hosts/in-page/index.js";
export type { Backend, RestartOptions } from "./assemble.js";
export type { AnsweredCall, ApiKey, NamedKey } from "./calls/index.js";
export { DEFAULT_API_KEY, type BackendOptions, type BackendParts } from "./backend-options.js";
export type { BackendClock, ClockMode, EngineSnapshot } from "./domain/index.js";
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
} from "../src/worker/types.js";
export { WorkFailure } from "../src/worker/work-failure.js";
export type {
  ListedScript,
  Script,
  ScriptedChanges,
  ScriptedQuestion,
  ScriptEffects,
  ScriptUse,
} from "./work/scripts/script.js";
export type { Simulation } from "./work/simulated/simulation.js";
