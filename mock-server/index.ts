export {
  createMockBackend,
  type InPageFetch,
  type MockBackend,
  type MockConnection,
} from "./hosts/in-page/index.js";
export type { Backend, RestartOptions } from "./backend.js";
export type { AnsweredCall } from "./calls/index.js";
export { DEFAULT_API_KEY, type BackendOptions, type BackendParts } from "./backend-options.js";
export type { BackendClock, ClockMode, EngineSnapshot } from "./domain/index.js";
