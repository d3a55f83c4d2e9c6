export {
  ListenError,
  startMockServer,
  type MockServer,
  type MockServerOptions,
  type Patience,
} from "./hosts/node/index.js";
export type { Backend, RestartOptions } from "./backend.js";
export type { AnsweredCall } from "./operations/index.js";
export { DEFAULT_API_KEY, type BackendOptions, type BackendParts } from "./backend-options.js";
export type { BackendClock, ClockMode, EngineSnapshot } from "./engine/index.js";
