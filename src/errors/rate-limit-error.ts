import { AgentVMError, isNamed } from "./agentvm-error.js";

/** Too many requests (HTTP 429). `retryAfterMs` says how long to wait, when the server told. */
export class RateLimitError extends AgentVMError {
  static {
    this.prototype.name = "RateLimitError";
  }
}

/** Whether a thrown thing is a {@link RateLimitError}. */
export function isRateLimitError(error: unknown): error is RateLimitError {
  return isNamed(error, "RateLimitError");
}
