import { errorCodes } from "../../src/contract/errors.js";
import type { ErrorBody } from "../../src/contract/index.js";
import { EngineError } from "../domain/index.js";

/**
 * Any thrown thing as an error of the contract. What is not one is a fault of this server: its message may hold
 * anything, so the caller is told nothing of it.
 */
export function asEngineError(error: unknown): EngineError {
  return error instanceof EngineError
    ? error
    : new EngineError("internal", "The server failed on this request.");
}

/** The body that tells an error, over HTTP, in a batch and in an ack. */
export function toErrorBody(error: EngineError, requestId: string): ErrorBody {
  return {
    success: false,
    code: error.code,
    error: error.message,
    detail: error.detail,
    request_id: requestId,
    remediation: errorCodes[error.code].remediation,
  };
}
