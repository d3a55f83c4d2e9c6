import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { ErrorCode } from "../../../src/contract/index.js";
import { EngineError } from "../../domain/index.js";
import { toErrorBody } from "../../calls/index.js";

/** What is wrong with a request before there is one that the routes could answer. */
interface ProtocolError {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly remediation: string;
}

/** What is told of a host that the server does not answer to; it is not shown, since anybody may have made it up. */
export const HOST_NOT_ALLOWED = {
  message:
    "This server answers to addresses, to localhost, and to the names that it was told, and not to this one.",
  remediation:
    "Use the server's address, or start it with --allowed-host and the name (allowedHosts of startMockServer).",
} as const;

const errors = {
  malformed: {
    status: 400,
    code: "invalid_request",
    message: "The request is not valid HTTP.",
    remediation: "Send a request of HTTP/1.1; over TLS, put a proxy that ends it before this server.",
  },
  no_host: {
    status: 400,
    code: "invalid_request",
    message: "The request has no Host header.",
    remediation: "Send the Host header, as HTTP/1.1 asks.",
  },
  two_hosts: {
    status: 400,
    code: "invalid_request",
    message: "The request has more than one Host header.",
    remediation: "Send the Host header once, as HTTP/1.1 asks.",
  },
  host_not_allowed: {
    status: 403,
    code: "forbidden",
    message: HOST_NOT_ALLOWED.message,
    remediation: HOST_NOT_ALLOWED.remediation,
  },
  headers_too_large: {
    status: 431,
    code: "invalid_request",
    message: "The address and the headers of the request are too large.",
    remediation: "Send at most 16 KiB of them; what is longer belongs into the body.",
  },
  too_slow: {
    status: 408,
    code: "invalid_request",
    message: "The request took too long to arrive.",
    remediation: "Send the whole request at once.",
  },
  chunks_too_large: {
    status: 413,
    code: "payload_too_large",
    message: "The chunk extensions of the request are too large.",
    remediation: "Send the body without chunk extensions.",
  },
  connect: {
    status: 405,
    code: "method_not_allowed",
    message: "This server is no proxy.",
    remediation: "Send the request to the server that it is meant for.",
  },
} as const satisfies Record<string, ProtocolError>;

/** The name of such a fault. */
export type ProtocolErrorName = keyof typeof errors;

/** What node:http found wrong, by the code of its error. */
export function protocolErrorOf(error: unknown): ProtocolErrorName {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return "headers_too_large";
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return "chunks_too_large";
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return "too_slow";
    default:
      return "malformed";
  }
}

/** The answer to such a request, in the contract's form; the connection ends with it. */
export function protocolAnswer(name: ProtocolErrorName): {
  status: number;
  headers: Record<string, string>;
  body: string;
} {
  const { status, code, message, remediation }: ProtocolError = errors[name];
  const requestId = randomUUID();
  const body = JSON.stringify({ ...toErrorBody(new EngineError(code, message), requestId), remediation });
  return {
    status,
    headers: {
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(body)),
      "cache-control": "no-store",
      "x-request-id": requestId,
      connection: "close",
      ...(name === "connect" ? { allow: "GET, HEAD, POST, PUT, DELETE, OPTIONS" } : {}),
    },
    body,
  };
}

/** Milliseconds for which a socket is read on after its refusal, so that what still comes does not wipe the answer out. */
const LINGER_MS = 1_000;

const refused = new WeakSet<Duplex>();

/** Writes the answer to a socket on which there is no request that can be answered, and ends it. */
export function refuse(socket: Duplex, name: ProtocolErrorName): void {
  // What comes after the fault is faulty too, and the socket is on its way out already.
  if (refused.has(socket)) return;
  refused.add(socket);
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { status, headers, body } = protocolAnswer(name);
  const lines = Object.entries(headers).map(([field, value]) => `${field}: ${value}\r\n`);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once("close", () => clearTimeout(timer));
  // The socket may break while this is written; there is nobody left to tell.
  socket.on("error", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n${body}`);
  socket.resume();
}
