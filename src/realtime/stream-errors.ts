import type { AgentVMError } from "../errors/index.js";
import {
  AuthenticationError,
  CancelledError,
  ClosedError,
  ContractError,
  PermissionError,
} from "../errors/index.js";
import type { ConnectionState } from "./stream-events.js";

/** The stream was closed. */
export function streamClosed(): ClosedError {
  return new ClosedError("The event stream is closed.", {
    code: "closed",
    outcome: "not_sent",
    remediation: "Make a new client.",
  });
}

/** The stream cannot go on, and why. */
export function streamStopped(state: Extract<ConnectionState, { readonly status: "stopped" }>): AgentVMError {
  const { reason, closeCode } = state;
  const message = `The event stream has stopped: ${reason}${closeCode === null ? "" : ` (close code ${closeCode})`}.`;
  switch (reason) {
    case "forbidden":
      return new PermissionError(message, {
        code: "forbidden",
        outcome: "rejected",
        remediation: "Check that the key or token may follow this game.",
      });
    case "bad frame":
    case "another protocol":
      return new ContractError(message, {
        code: "contract_broken",
        outcome: "rejected",
        remediation: "Use a client and a server of the same version of the contract.",
      });
    default:
      return new AuthenticationError(message, {
        code: reason === "session expired" ? "session_expired" : "unauthorized",
        outcome: "rejected",
        remediation: "Check the credentials, then open the stream again.",
      });
  }
}

/** The caller's signal ended the waiting. */
export function waitCancelled(): CancelledError {
  return new CancelledError("Waiting for the event stream was cancelled by its signal.", {
    code: "cancelled",
    outcome: "not_sent",
    remediation: "The stream goes on; wait again, or listen to 'connection'.",
  });
}
