import { STATUS_CODES, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { randomUUID } from "node:crypto";
import type { ErrorCode } from "../../../src/contract/index.js";
import { EngineError } from "../../domain/index.js";
import { toErrorBody } from "../../calls/index.js";
import { HOST_NOT_ALLOWED } from "./protocol-errors.js";

interface Refusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly remediation?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const refusals = {
  no_host: {
    status: 400,
    code: "invalid_request",
    message: "The request has no Host header.",
  },
  two_hosts: {
    status: 400,
    code: "invalid_request",
    message: "The request has more than one Host header.",
  },
  host_not_allowed: {
    status: 403,
    code: "forbidden",
    ...HOST_NOT_ALLOWED,
  },
  no_such_route: {
    status: 404,
    code: "route_not_found",
    message: "The event stream is at /ws, and nothing else here is a WebSocket.",
  },
  not_a_websocket: {
    status: 426,
    code: "invalid_request",
    message: "This server upgrades to a WebSocket and to nothing else.",
    headers: { upgrade: "websocket" },
  },
  malformed_handshake: {
    status: 400,
    code: "invalid_request",
    message: "The request is not a WebSocket handshake of version 13.",
    headers: { "sec-websocket-version": "13" },
  },
  origin_not_allowed: {
    status: 403,
    code: "forbidden",
    message: "Pages of this origin may not connect; add it to the allowed origins of the server.",
  },
  unavailable: {
    status: 503,
    code: "unavailable",
    message: "The server is closing or holds as many connections as it can.",
    headers: { "retry-after": "1" },
  },
} as const satisfies Record<string, Refusal>;

/** Why an upgrade is refused. */
export type RefusalName = keyof typeof refusals;

/** Answers an upgrade with an HTTP status and the contract's error body, and ends the socket. */
export function refuseUpgrade(socket: Duplex, request: IncomingMessage, name: RefusalName): void {
  const refusal: Refusal = refusals[name];
  const requestId = requestIdOf(request);
  const { code, message, remediation } = refusal;
  const body = JSON.stringify({
    ...toErrorBody(new EngineError(code, message), requestId),
    ...(remediation === undefined ? {} : { remediation }),
  });
  const headers = {
    connection: "close",
    "content-type": "application/json; charset=utf-8",
    "content-length": String(Buffer.byteLength(body)),
    "x-request-id": requestId,
    ...refusal.headers,
  };
  const head = Object.entries(headers).map(([field, value]) => `${field}: ${value}\r\n`);
  const reason = STATUS_CODES[refusal.status] ?? "";
  socket.once("finish", () => socket.destroy());
  socket.end(`HTTP/1.1 ${refusal.status} ${reason}\r\n${head.join("")}\r\n${body}`);
}

/** The caller's own request id where it is a plain one, else a new one. */
function requestIdOf(request: IncomingMessage): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && /^[A-Za-z0-9_.:-]{1,128}$/.test(given) ? given : randomUUID();
}
