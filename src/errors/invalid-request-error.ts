import { AgentVMError, isNamed, nameClass } from "./agentvm-error.js";

/** The request is wrong: found before sending (`outcome` is `not_sent`), or by the server (HTTP 400, 405, 413, 415, 422). `detail` names the fields. */
export class InvalidRequestError extends AgentVMError {}
nameClass(InvalidRequestError, "InvalidRequestError");

/** Whether a thrown thing is an {@link InvalidRequestError}. */
export function isInvalidRequestError(error: unknown): error is InvalidRequestError {
  return isNamed(error, "InvalidRequestError");
}
