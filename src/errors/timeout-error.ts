import { AgentVMError, isNamed, nameClass } from "./agentvm-error.js";

/** A time limit passed: `code` is `timeout` for one attempt (`timeoutMs`), `total_timeout` for the whole call (`totalTimeoutMs`). */
export class TimeoutError extends AgentVMError {}
nameClass(TimeoutError, "TimeoutError");

/** Whether a thrown thing is a {@link TimeoutError}. */
export function isTimeoutError(error: unknown): error is TimeoutError {
  return isNamed(error, "TimeoutError");
}
