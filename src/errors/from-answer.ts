import { describeProblems } from "../contract/schema.js";
import type { ErrorDetail } from "../contract/index.js";
import type { AgentVMError, ErrorFields } from "./agentvm-error.js";
import { AuthenticationError } from "./authentication-error.js";
import { ConflictError } from "./conflict-error.js";
import { ContractError } from "./contract-error.js";
import { InvalidRequestError } from "./invalid-request-error.js";
import { NotFoundError } from "./not-found-error.js";
import { PermissionError } from "./permission-error.js";
import { RateLimitError } from "./rate-limit-error.js";
import { ServerError } from "./server-error.js";

type Kind = readonly [
  make: new (message: string, fields: ErrorFields) => AgentVMError,
  code: string,
  remediation: string,
];

/** For servers that give no code and no remedy of their own. */
const kinds: Readonly<Record<number, Kind>> = {
  0: [ContractError, "redirected", "Set endpoint to where the server really is; redirects are not followed."],
  200: [ServerError, "request_failed", "Read what the server says, and its log."],
  400: [InvalidRequestError, "invalid_request", "Correct what the server names."],
  401: [AuthenticationError, "unauthorized", "Check the API key, or get a new token."],
  403: [PermissionError, "forbidden", "Check that these credentials may do this."],
  404: [NotFoundError, "not_found", "Check the id and the endpoint's path."],
  409: [ConflictError, "conflict", "Read how things stand, then decide again."],
  429: [RateLimitError, "rate_limited", "Wait as long as retryAfterMs says."],
  500: [ServerError, "server_error", "Try again later; if it stays, report it with the requestId."],
};

function kindOf(status: number): Kind | undefined {
  if (status >= 500) return kinds[500];
  if (status < 400) return kinds[status >= 300 ? 0 : status === 0 ? 0 : 200];
  return kinds[status] ?? kinds[400];
}

/** What an HTTP client may try again without a change. */
const RETRYABLE = new Set([429, 500, 502, 503, 504]);

/** An answer that is not a success, as it came. */
export interface FailedAnswer {
  /** The call: `GET /agents/{agent_id}`. */
  readonly where: string;
  readonly status: number;
  /** The body, with every secret taken out. */
  readonly text: string;
  header(name: string): string | null;
  /** The time now, in milliseconds. */
  readonly now: number;
  /** Whether an attempt before this one may have done the work. */
  readonly doubt: boolean;
}

/**
 * The error that an answer means. It knows the contract's body, FastAPI's `{"detail": …}` in both forms,
 * `{"success": false, "error" | "message": …}`, and any other body.
 */
export function errorFromAnswer(answer: FailedAnswer): AgentVMError {
  const { status } = answer;
  const [Make, fallbackCode, fallbackRemedy] = kindOf(status) ?? [ServerError, "server_error", ""];
  const body = fieldsOf(answer.text);
  const list = detailOf(body["detail"]);
  const detail = list ?? textOf(body["detail"]);
  const said =
    textOf(body["error"]) ??
    textOf(body["message"]) ??
    (list ? describeProblems(list) : textOf(body["detail"])) ??
    `the server answered with HTTP ${status}${status === 0 ? ", a redirect" : ""} and no explanation`;
  const code = textOf(body["code"]) ?? fallbackCode;
  // A gateway's failure, or one midway, says nothing of what was done; "unavailable" and every 4xx do.
  const unsure = answer.doubt || (status >= 500 && status !== 503);
  return new Make(`${answer.where}: ${said}`, {
    code,
    status,
    outcome: unsure ? "unknown" : "rejected",
    // Who has waited so long for a review decides whether to wait once more.
    retryable:
      (RETRYABLE.has(status) && code !== "review_timeout") ||
      code === "not_enough_idle_agents" ||
      code === "storage_full",
    requestId: textOf(body["request_id"]) ?? answer.header("x-request-id"),
    remediation: textOf(body["remediation"]) ?? fallbackRemedy,
    detail,
    retryAfterMs: retryAfterOf(answer),
  });
}

/** The fields of a JSON object; none for anything else. */
export function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** A body's `detail` where it is the contract's list of faults; null for anything else. */
function detailOf(value: unknown): ErrorDetail[] | null {
  if (!Array.isArray(value)) return null;
  const parts: unknown[] = value;
  return parts.every(isDetail) ? parts.map(({ loc, msg, type }) => ({ loc, msg, type })) : null;
}

function isDetail(value: unknown): value is ErrorDetail {
  if (typeof value !== "object" || value === null) return false;
  const { loc, msg, type }: { loc?: unknown; msg?: unknown; type?: unknown } = value;
  const isPlace = (part: unknown) => typeof part === "string" || typeof part === "number";
  return Array.isArray(loc) && loc.every(isPlace) && typeof msg === "string" && typeof type === "string";
}

/** Characters of a text of the server's that an error holds at the most. */
const TEXT_MAX = 4_096;

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value.slice(0, TEXT_MAX) : null;
}

/** Milliseconds for which a server can ask to be left alone at the most: a day. */
const RETRY_AFTER_MAX_MS = 86_400_000;

/**
 * `Retry-After` in milliseconds: seconds, or a date. A date is read against the server's own `Date`, since this machine's clock may be
 * hours off.
 */
function retryAfterOf(answer: FailedAnswer): number | null {
  const value = answer.header("retry-after") ?? "";
  if (/^\d+(\.\d+)?$/.test(value)) return Math.min(RETRY_AFTER_MAX_MS, Number(value) * 1_000);
  // `Date.parse` takes a lot that is no date of HTTP.
  const then = value.endsWith("GMT") ? Date.parse(value) : NaN;
  const here = Date.parse(answer.header("date") ?? "");
  const delay = then - (Number.isNaN(here) ? answer.now : here);
  // By this machine's clock alone a date that is past says nothing.
  return delay > 0 || !Number.isNaN(here + then) ? Math.min(RETRY_AFTER_MAX_MS, Math.max(0, delay)) : null;
}
