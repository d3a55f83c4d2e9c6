import { AgentVMError, isNamed, nameClass } from "./agentvm-error.js";

/** No whole answer came: nobody listens, the name is not known, or the connection was cut. */
export class NetworkError extends AgentVMError {}
nameClass(NetworkError, "NetworkError");

/** Whether a thrown thing is a {@link NetworkError}. */
export function isNetworkError(error: unknown): error is NetworkError {
  return isNamed(error, "NetworkError");
}
