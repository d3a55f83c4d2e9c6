import type { IncomingMessage } from "node:http";
import { BODY_MAX_BYTES } from "../../../src/contract/limits.js";
import { EngineError } from "../../domain/index.js";
import { NO_BODY, type HttpBody } from "../../http/types.js";

const TOO_LARGE: HttpBody = { kind: "too_large" };

/** How many bytes a request says that its body has: 0 for none, and infinitely many where it does not say. */
export function declaredLength(request: IncomingMessage): number {
  const length = request.headers["content-length"];
  if (length !== undefined) return Number(length);
  return request.headers["transfer-encoding"] === undefined ? 0 : Infinity;
}

/**
 * Reads a request's body, and no more of it than is allowed: `maxBytes`, the contract's limit unless told otherwise. One that
 * says that it is larger is not read at all.
 *
 * @throws EngineError `malformed_json` when the caller goes away before the end.
 */
export function readRequestBody(
  request: IncomingMessage,
  maxBytes = BODY_MAX_BYTES,
): HttpBody | Promise<HttpBody> {
  const length = declaredLength(request);
  if (length === 0) return NO_BODY;
  if (length > maxBytes && length !== Infinity) return TOO_LARGE;
  return readBounded(request, maxBytes);
}

function readBounded(request: IncomingMessage, maxBytes: number): Promise<HttpBody> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (): void => {
      request.off("data", onData).off("end", onEnd).off("close", onClose);
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.byteLength;
      if (length > maxBytes) {
        settle();
        request.pause();
        resolve(TOO_LARGE);
      } else chunks.push(chunk);
    };
    const onEnd = (): void => {
      settle();
      const [only] = chunks;
      resolve({
        kind: "bytes",
        bytes: only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks, length),
      });
    };
    const onClose = (): void => {
      settle();
      // Half a body must not be taken for a whole one; nobody is there to read the answer.
      reject(new EngineError("malformed_json", "The request ended before its body did."));
    };
    request.on("data", onData).on("end", onEnd).on("close", onClose);
  });
}
