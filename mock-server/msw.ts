export { createHandlers, type HandlersOptions } from "./hosts/msw/index.js";
export type { Backend } from "./assemble.js";
