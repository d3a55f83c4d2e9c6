import type { ErrorCode, ErrorDetail } from "../../src/contract/index.js";
import { describeProblems } from "../../src/contract/schema.js";

/** What an {@link EngineError} carries beside its code and message. */
export interface EngineErrorExtra {
  readonly detail?: string | ErrorDetail[] | null;
  /** Seconds after which the same call may succeed. */
  readonly retryAfterSeconds?: number;
}

/** The one kind of error that the domain throws on purpose; `code` is the contract's. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: ErrorCode;
  readonly detail: string | ErrorDetail[] | null;
  readonly retryAfterSeconds?: number;

  constructor(code: ErrorCode, message: string, extra: EngineErrorExtra = {}) {
    super(message);
    this.code = code;
    this.detail = extra.detail ?? null;
    if (extra.retryAfterSeconds !== undefined) this.retryAfterSeconds = extra.retryAfterSeconds;
  }
}

/**
 * Why something was not done, where it is told of one thing among many: a frame may hold a thousand moves that cannot be made, and an error,
 * which writes down where it was made, takes as long as many moves that can.
 */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Whether something was refused. */
export function isRefusal(outcome: object): outcome is Refusal {
  return "code" in outcome;
}

/** The refusal of a thing that stands alone, as an error. */
export function errorOf({ code, message }: Refusal): EngineError {
  return new EngineError(code, message);
}

/** An `invalid_request` about one value: `loc` says where it stands in the request. */
export function invalidRequest(loc: (string | number)[], msg: string, type = "value_error"): EngineError {
  const detail = [{ loc, msg, type }];
  return new EngineError("invalid_request", `The request is not valid: ${describeProblems(detail)}.`, {
    detail,
  });
}
