import { AgentVMError, isNamed, nameClass } from "./agentvm-error.js";

/** The server failed (HTTP 5xx), or answered 200 with `success: false` and no code. */
export class ServerError extends AgentVMError {}
nameClass(ServerError, "ServerError");

/** Whether a thrown thing is a {@link ServerError}. */
export function isServerError(error: unknown): error is ServerError {
  return isNamed(error, "ServerError");
}
