import { AgentVMError, isNamed, nameClass } from "./agentvm-error.js";

/** The client was closed, before the call or while it was under way. */
export class ClosedError extends AgentVMError {}
nameClass(ClosedError, "ClosedError");

/** Whether a thrown thing is a {@link ClosedError}. */
export function isClosedError(error: unknown): error is ClosedError {
  return isNamed(error, "ClosedError");
}
