import { errorCodes } from "../../../src/contract/errors.js";
import type { Answer } from "../../calls/answer.js";
import { ConnectionReset } from "../../calls/connection-reset.js";
import type { CallFault } from "./fault.js";
import { codeOfStatus } from "./read-fault.js";

/** What a gateway shows in the place of an answer. */
const PAGE = `<!doctype html>
<html><head><title>Service unavailable</title></head><body><h1>Service unavailable</h1></body></html>
`;

/** Names of statuses that proxies answer with, for which the contract has no error. */
const PROXY_WORDS: Readonly<Record<number, string>> = {
  408: "Request Timeout",
  502: "Bad Gateway",
  504: "Gateway Timeout",
};

/** The status that a fault answers with. */
export function statusOfFault({ status, code }: CallFault): number {
  return code === undefined ? (status ?? 200) : errorCodes[code].status;
}

/** The error's body that a fault answers with, as the server's own are; null where the contract has no error with such a status. */
export function errorOfFault(id: string, fault: CallFault, requestId: string): object | null {
  const code = fault.code ?? codeOfStatus(statusOfFault(fault));
  if (code === null) return null;
  return {
    success: false,
    code,
    error: `This backend was told to fail here (${id}).`,
    detail: null,
    request_id: requestId,
    remediation: errorCodes[code].remediation,
  };
}

/** The answer of a fault that needs none of the server's. */
export function answerOfFault(id: string, fault: CallFault, requestId: string): Answer {
  const headers: Record<string, string> = { "x-request-id": requestId, "cache-control": "no-store" };
  if (fault.answer === "html") {
    headers["content-type"] = "text/html; charset=utf-8";
    return { status: 200, headers, body: PAGE };
  }
  headers["content-type"] = "application/json";
  if (fault.answer === "empty") return { status: 200, headers, body: "" };
  const status = statusOfFault(fault);
  if (fault.retryAfter !== undefined) headers["retry-after"] = String(fault.retryAfter);
  const error = errorOfFault(id, fault, requestId);
  if (error !== null) return { status, headers, body: JSON.stringify(error) };
  headers["content-type"] = "text/plain; charset=utf-8";
  return { status, headers, body: PROXY_WORDS[status] ?? `Status ${status}` };
}

/** An answer that ends midway, as when the connection breaks: half of it, or so many characters. */
export function cutAnswer(answer: Answer, characters: number | undefined): Answer {
  const { status, headers, body } = answer;
  if (body === null) return answer;
  if (typeof body !== "string") return { status, headers, body: cutPieces(body, characters) };
  const most = Math.min(characters ?? Math.floor(body.length / 2), Math.max(0, body.length - 1));
  return { status, headers, body: cutPieces([body.slice(0, most)], Infinity) };
}

/** The pieces up to so many characters, or the first alone, and then what a broken connection gives. */
async function* cutPieces(
  pieces: AsyncIterable<string> | Iterable<string>,
  characters: number | undefined,
): AsyncGenerator<string, void> {
  let left = characters;
  for await (const piece of pieces) {
    const some = left === undefined ? piece : piece.slice(0, left);
    if (some !== "") yield some;
    if (left === undefined) break;
    left -= piece.length;
    if (left <= 0) break;
  }
  throw new ConnectionReset("the connection broke in the middle of the answer.");
}

/** Lets go of an answer that nobody gets. */
export function dropAnswer({ body }: Answer): void {
  if (typeof body === "object" && body !== null) void body[Symbol.asyncIterator]().return?.();
}
