import { AgentVMError, isNamed, nameClass } from "./agentvm-error.js";

/** The server's state forbids it now: a limit is reached, a task is over, a key was used before (HTTP 409). */
export class ConflictError extends AgentVMError {}
nameClass(ConflictError, "ConflictError");

/** Whether a thrown thing is a {@link ConflictError}. */
export function isConflictError(error: unknown): error is ConflictError {
  return isNamed(error, "ConflictError");
}
