import type { IncomingMessage, ServerResponse } from "node:http";
import { BODY_MAX_BYTES } from "../../../src/contract/limits.js";
import type { Answer } from "../../calls/answer.js";
import { COMPRESS_FROM_BYTES, chooseEncoding, compress } from "./encoding.js";
import type { NodeCall } from "./node-call.js";
import { declaredLength } from "./request-body.js";
import { pipeText } from "./stream-answer.js";

/** Bytes of a refused body that are still read, so that the answer is not lost to a caller that goes on sending. */
const DISCARD_MAX_BYTES = 16 * BODY_MAX_BYTES;

/** Milliseconds for the same. */
const DISCARD_MAX_MS = 5_000;

/** Bytes of an answer from which on it is counted until it is read; shorter ones lie where the system keeps what is sent. */
const HOLD_FROM_BYTES = 16_384;

/** How answers are sent. */
export interface SendOptions {
  readonly compression: boolean;
  /** Milliseconds for which a caller may read nothing of a long answer. */
  readonly unreadMs: number;
  /** Whether the server is on its way out, so that connections are not to be used again. */
  closing(): boolean;
}

/** Sends an answer. What goes wrong on the way ends in a broken connection, which the caller sees. */
export function sendAnswer(call: NodeCall, answer: Answer, options: SendOptions): void {
  const { request, response } = call;
  const { status, headers, body } = answer;
  if (response.destroyed || response.headersSent) {
    if (typeof body === "object" && body !== null) void body[Symbol.asyncIterator]().return?.();
    return;
  }
  // A caller that was not told to go on may or may not send its body now, so nothing can follow on this connection.
  if (call.waitsToSend || options.closing()) headers["connection"] = "close";

  if (typeof body === "object") {
    if (body !== null) {
      response.writeHead(status, headers);
      void pipeText(response, body);
      return;
    }
    if (options.compression) describeCompression(request, headers);
    if (request.method !== "HEAD") headers["content-length"] ??= "0";
    response.writeHead(status, headers);
    response.end();
    return;
  }

  const length = Buffer.byteLength(body);
  if (length >= HOLD_FROM_BYTES) call.holds(length, options.unreadMs);
  else call.counts(0);
  if (options.compression && length >= COMPRESS_FROM_BYTES) {
    varyByEncoding(headers);
    const encoding = chooseEncoding(request.headers["accept-encoding"]);
    if (encoding !== null) {
      compress(body, encoding).then(
        (bytes) => {
          headers["content-encoding"] = encoding;
          writeWhole(call, status, headers, bytes, bytes.byteLength);
        },
        () => response.destroy(),
      );
      return;
    }
  }
  writeWhole(call, status, headers, body, length);
}

function writeWhole(
  call: NodeCall,
  status: number,
  headers: Record<string, string>,
  body: string | Buffer,
  length: number,
): void {
  const { request, response } = call;
  if (response.destroyed) return;
  headers["content-length"] = String(length);
  if (request.complete || call.waitsToSend || declaredLength(request) <= BODY_MAX_BYTES) {
    // What is left of a small body is thrown away by node:http, and the connection can be used again.
    response.writeHead(status, headers);
    response.end(body);
    return;
  }
  headers["connection"] = "close";
  response.writeHead(status, headers);
  response.write(body);
  discardRest(request, response);
}

/**
 * Ends a connection whose caller sends more than is wanted. To close it at once would wipe the answer out before a caller
 * that is still sending has read it, so what comes is thrown away for a while.
 */
function discardRest(request: IncomingMessage, response: ServerResponse): void {
  let left = DISCARD_MAX_BYTES;
  const timer = setTimeout(() => request.destroy(), DISCARD_MAX_MS);
  response.once("close", () => clearTimeout(timer));
  request.once("end", () => response.end());
  request.on("data", (chunk: Buffer) => {
    left -= chunk.byteLength;
    if (left < 0) request.destroy();
  });
  request.resume();
}

/** What the headers of an answer to HEAD would be with the body that GET has. */
function describeCompression(request: IncomingMessage, headers: Record<string, string>): void {
  if (Number(headers["content-length"] ?? 0) < COMPRESS_FROM_BYTES) return;
  varyByEncoding(headers);
  const encoding = chooseEncoding(request.headers["accept-encoding"]);
  if (encoding === null) return;
  headers["content-encoding"] = encoding;
  delete headers["content-length"];
}

function varyByEncoding(headers: Record<string, string>): void {
  const before = headers["vary"];
  headers["vary"] = before === undefined ? "Accept-Encoding" : `${before}, Accept-Encoding`;
}
