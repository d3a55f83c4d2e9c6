import type { AgentVMError } from "../errors/index.js";
import { errorFromAnswer } from "../errors/from-answer.js";
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
