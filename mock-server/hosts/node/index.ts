export type { Patience } from "./http-host.js";
export { ListenError } from "./listen-error.js";
export { startMockServer, type MockServer, type MockServerOptions } from "./start-mock-server.js";
