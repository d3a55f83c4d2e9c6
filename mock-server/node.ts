export {
  ListenError,
  startMockServer,
  type MockServer,
  type MockServerOptions,
  type Patience,
} from "./hosts/node/index.js";
export type { Backend, RestartOptions, ServerBackend } from "./backend.js";
export type {
  BrokenAnswer,
  CallFault,
  Counted,
  Fault,
  FaultHandle,
  Faults,
  ListedFault,
  StreamFault,
  StreamFaultKind,
} from "./testing/faults/fault.js";
export type { Testing, TestOptions } from "./testing/create-testing.js";
export type { AnsweredCall, ApiKey, NamedKey } from "./calls/index.js";
export { DEFAULT_API_KEY, type BackendOptions, type BackendParts } from "./backend-options.js";
export type { BackendClock, ClockMode, EngineSnapshot } from "./domain/index.js";
export type { Journal, JournalEntry, JournalFilter } from "./testing/journal/journal.js";
export type {
  ListedScript,
  Script,
  ScriptedChanges,
  ScriptedQuestion,
  ScriptEffects,
  ScriptUse,
} from "./work/scripts/script.js";
export type { Simulation } from "./work/simulated/simulation.js";
export type { Work, WorkByType, WorkReview } from "../src/worker/types.js";
export { WorkFailure } from "../src/worker/work-failure.js";
export { parseRecording, type Recording } from "./testing/replay/recording.js";
export type { Replay, UnknownCall } from "./testing/replay/replay.js";
export { loadRecording } from "./hosts/node/load-recording.js";
