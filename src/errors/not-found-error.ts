import { AgentVMError, isNamed, nameClass } from "./agentvm-error.js";

/** The thing that was asked for is not there, or belongs to another game (HTTP 404). */
export class NotFoundError extends AgentVMError {}
nameClass(NotFoundError, "NotFoundError");

/** Whether a thrown thing is a {@link NotFoundError}. */
export function isNotFoundError(error: unknown): error is NotFoundError {
  return isNamed(error, "NotFoundError");
}
