import { AgentVMError, isNamed, nameClass } from "./agentvm-error.js";

/** No credentials, wrong ones, or a session that is over (HTTP 401). */
export class AuthenticationError extends AgentVMError {}
nameClass(AuthenticationError, "AuthenticationError");

/** Whether a thrown thing is an {@link AuthenticationError}. */
export function isAuthenticationError(error: unknown): error is AuthenticationError {
  return isNamed(error, "AuthenticationError");
}
