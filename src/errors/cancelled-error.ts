import { AgentVMError, isNamed, nameClass } from "./agentvm-error.js";

/** The caller's `signal` ended the call. */
export class CancelledError extends AgentVMError {}
nameClass(CancelledError, "CancelledError");

/** Whether a thrown thing is a {@link CancelledError}. */
export function isCancelledError(error: unknown): error is CancelledError {
  return isNamed(error, "CancelledError");
}
