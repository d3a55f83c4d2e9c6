import type { ErrorDetail } from "../contract/index.js";
import { isAgentVMError } from "../errors/agentvm-error.js";
import { isCancelledError } from "../errors/cancelled-error.js";
import { isClosedError } from "../errors/closed-error.js";
import { isConfigError } from "../errors/config-error.js";
import { isNetworkError } from "../errors/network-error.js";
import { isTimeoutError } from "../errors/timeout-error.js";

/** An error as the addon's `AgentVMError` takes it. */
export interface WireFailure {
  readonly code: string;
  readonly message: string;
  readonly http_status: number;
  readonly retryable: boolean;
  readonly remediation: string;
  readonly request_id: string;
  readonly detail: string | readonly ErrorDetail[] | null;
  readonly may_have_happened: boolean;
  readonly retry_after_ms: number;
}

/** A failure that the facade finds by itself. */
export function failure(code: string, message: string, remediation: string, retryable = false): WireFailure {
  return {
    code,
    message,
    remediation,
    retryable,
    http_status: 0,
    request_id: "",
    detail: null,
    may_have_happened: false,
    retry_after_ms: 0,
  };
}

/** Kinds that have one code on every platform, whatever finer one the SDK gives them. */
const kinds: readonly (readonly [is: (error: unknown) => boolean, code: string])[] = [
  [isNetworkError, "network_error"],
  [isTimeoutError, "timeout"],
  [isClosedError, "cancelled"],
  [isCancelledError, "cancelled"],
  [isConfigError, "invalid_endpoint"],
];

/** Anything that was thrown, as the addon takes it. */
export function failureOf(thrown: unknown): WireFailure {
  if (!isAgentVMError(thrown)) {
    const what = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : typeof thrown;
    return failure("internal", `The page's script failed: ${what}.`, "Report it with this message.");
  }
  return {
    code: kinds.find(([is]) => is(thrown))?.[1] ?? thrown.code,
    message: thrown.message,
    remediation: thrown.remediation,
    retryable: thrown.retryable,
    http_status: thrown.status ?? 0,
    request_id: thrown.requestId ?? "",
    detail: thrown.detail,
    may_have_happened: thrown.outcome === "unknown",
    retry_after_ms: thrown.retryAfterMs ?? 0,
  };
}
