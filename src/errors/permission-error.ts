import { AgentVMError, isNamed, nameClass } from "./agentvm-error.js";

/** The credentials are known, but may not do this (HTTP 403). */
export class PermissionError extends AgentVMError {}
nameClass(PermissionError, "PermissionError");

/** Whether a thrown thing is a {@link PermissionError}. */
export function isPermissionError(error: unknown): error is PermissionError {
  return isNamed(error, "PermissionError");
}
