import { AgentVMError, isNamed } from "./agentvm-error.js";

/** No credentials, wrong ones, or a session that is over (HTTP 401). */
export class AuthenticationError extends AgentVMError {
  static {
    this.prototype.name = "AuthenticationError";
  }
}

/** Whether a thrown thing is an {@link AuthenticationError}. */
export function isAuthenticationError(error: unknown): error is AuthenticationError {
  return isNamed(error, "AuthenticationError");
}
