import { AgentVMError, isNamed, nameClass } from "./agentvm-error.js";

/** Too many requests (HTTP 429). `retryAfterMs` says how long to wait, when the server told. */
export class RateLimitError extends AgentVMError {}
nameClass(RateLimitError, "RateLimitError");

/** Whether a thrown thing is a {@link RateLimitError}. */
export function isRateLimitError(error: unknown): error is RateLimitError {
  return isNamed(error, "RateLimitError");
}
