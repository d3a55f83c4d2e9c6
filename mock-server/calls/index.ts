export { createAccess, type Access, type AccessOptions } from "./access.js";
export type { AnsweredCall, CallWatch, SaidInCall } from "./answered-call.js";
export { ANONYMOUS, ownerOf, type Caller, type Credentials } from "./caller.js";
export { EndedTokens } from "./ended-tokens.js";
export { asEngineError, toErrorBody } from "./errors.js";
export type { OperationInput } from "./input.js";
export type { OperationName } from "./operation.js";
export {
  createOperations,
  type OperationOptions,
  type OperationResult,
  type Operations,
} from "./operations.js";
export type { OperationParts } from "./parts.js";
export type { WorkerDesk } from "./workers/worker-desk.js";
export { roleOf, secretOf, type ApiKey, type NamedKey } from "./keys.js";
export { createStats, type Stats } from "./stats.js";
export { secureToken } from "./tokens.js";
