import type { AgentVMError, Outcome } from "../../errors/index.js";
import { isNetworkError, NetworkError } from "../../errors/network-error.js";
import { errorFromAnswer } from "../../errors/from-answer.js";
import type { ConnectionState, LossReason } from "./stream-events.js";

const statuses: Partial<Record<LossReason, number>> = {
  forbidden: 403,
  "bad frame": 400,
  "another protocol": 400,
  "not loaded": 500,
};

/** The stream cannot go on: the error that a refused call would give for the same reason. */
export function streamStopped({
  reason,
}: Extract<ConnectionState, { readonly status: "stopped" }>): AgentVMError {
  return errorFromAnswer({
    where: "The event stream has stopped",
    status: statuses[reason] ?? 401,
    text: JSON.stringify({ error: reason }),
    header: () => null,
    now: 0,
    doubt: false,
  });
}

const UNAVAILABLE = "stream_unavailable";

/**
 * Whether a command was refused only since the stream could not carry it, or was lost on the way:
 * send it again over REST under the same id, and it happens once.
 */
export function isStreamUnavailable(error: unknown): boolean {
  return isNetworkError(error) && error.code === UNAVAILABLE;
}

/** The error that says: send it over REST. */
export function streamUnavailable(outcome: Outcome): NetworkError {
  return new NetworkError("The event stream did not carry the command.", {
    code: UNAVAILABLE,
    outcome,
    retryable: true,
    remediation: "Send it over REST with the same idempotency key.",
  });
}
