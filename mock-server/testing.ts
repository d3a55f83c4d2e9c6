// All that the entry for pages that play has, with a backend that has what tests need beside.
export * from "./index.js";
export { advanceUntil, settled } from "./testing/advance.js";
export { agentvmFixtures, type AgentVMFixtures } from "./testing/fixtures.js";
export { matchers, type AgentVMMatchers } from "./testing/matchers.js";
export { createMockBackend, type TestBackend } from "./testing/test-backend.js";
export type { Testing, TestOptions } from "./testing/create-testing.js";
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
export type { Journal, JournalEntry, JournalFilter } from "./testing/journal/journal.js";
export { parseRecording, type Recording } from "./testing/replay/recording.js";
export type { Replay, UnknownCall } from "./testing/replay/replay.js";
