import { createServer, request as httpRequest } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import type { RawData } from "ws";
import { isObject } from "../../../src/contract/is-object.js";
import { ListenError } from "../../hosts/node/listen-error.js";
import { redactValue } from "../../testing/redact.js";
import type { RecordingFile } from "./recording-file.js";
import { parsedJson } from "../../../src/contract/parsed-json.js";

/** Bytes of one body that are recorded; what is longer goes through and is not. */
const BODY_MAX_BYTES = 16_777_216;

/** Frames that wait for the server's side of a connection. */
const EARLY_MAX = 100;

/** Headers that belong to one connection and are not passed on. */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
  "te",
  "trailer",
];

/** Headers of an answer that a replay gives again. */
const KEPT_HEADERS = ["content-type", "x-next-cursor", "retry-after", "idempotency-replayed", "allow"];

/** A proxy before a server that writes down what goes through it. */
export interface RecordingProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts one on this machine. @throws ListenError when the port is in use. */
export async function startRecordingProxy(
  endpoint: string,
  port: number,
  file: RecordingFile,
): Promise<RecordingProxy> {
  const target = new URL(endpoint);
  const server = createServer((incoming, outgoing) => {
    passOn(target, incoming, outgoing, file).catch(() => outgoing.destroy());
  });
  const sockets = new WebSocketServer({ noServer: true });
  const open = new Set<WebSocket>();
  let count = 0;
  server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => undefined);
    sockets.handleUpgrade(incoming, socket, head, (client) => {
      count += 1;
      const upstream = joinSockets(target, incoming, client, count, file);
      for (const one of [client, upstream]) {
        open.add(one);
        one.on("close", () => open.delete(one));
      }
    });
  });
  await listen(server, port);
  const address = server.address();
  const listening = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${listening}`,
    async close() {
      for (const socket of open) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(new ListenError(error, port, "127.0.0.1")));
    server.listen(port, "127.0.0.1", resolve);
  });
}

/** Sends a call on, and its answer back, and writes down both. */
async function passOn(
  target: URL,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  file: RecordingFile,
): Promise<void> {
  const at = file.elapsed;
  const { method = "GET", url = "/" } = incoming;
  learnSecrets(incoming.headers, file);
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(bytesOf(chunk));
  const sent = Buffer.concat(chunks);
  const headers = passed(incoming.headers);
  // What is compressed cannot be read here.
  delete headers["accept-encoding"];
  headers["host"] = target.host;
  headers["content-length"] = String(sent.byteLength);
  const path = target.pathname.replace(/\/$/, "") + url;
  const ask = target.protocol === "https:" ? httpsRequest : httpRequest;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const onward = ask(new URL(path, target.origin), { method, headers }, resolve);
    onward.on("error", reject);
    outgoing.on("close", () => onward.destroy());
    onward.end(sent);
  });
  outgoing.writeHead(answer.statusCode ?? 502, passed(answer.headers));
  const pieces: { at: number; text: string }[] = [];
  let bytes = 0;
  const isPieces = String(answer.headers["content-type"]).includes("ndjson");
  const whole: Buffer[] = [];
  for await (const chunk of answer) {
    const piece = bytesOf(chunk);
    bytes += piece.byteLength;
    if (bytes <= BODY_MAX_BYTES) {
      if (isPieces) pieces.push({ at: file.elapsed - at, text: file.clean(piece.toString("utf8")) });
      else whole.push(piece);
    }
    outgoing.write(piece);
  }
  outgoing.end();
  if (bytes > BODY_MAX_BYTES || sent.byteLength > BODY_MAX_BYTES) return;
  const text = file.clean(Buffer.concat(whole).toString("utf8"));
  file.add({
    type: "call",
    at,
    method,
    path: url,
    body: sent.byteLength === 0 ? null : redactValue(parsedJson(sent.toString("utf8"))),
    status: answer.statusCode ?? 502,
    headers: keptHeaders(answer.headers),
    answer: isPieces ? null : text,
    pieces,
  });
}

/** Joins a client's stream to the server's, and writes down the frames of both. */
function joinSockets(
  target: URL,
  incoming: IncomingMessage,
  client: WebSocket,
  socket: number,
  file: RecordingFile,
): WebSocket {
  const url = new URL(target.pathname.replace(/\/$/, "") + (incoming.url ?? "/ws"), target.origin);
  url.protocol = target.protocol === "https:" ? "wss:" : "ws:";
  const upstream = new WebSocket(url);
  const early: string[] = [];
  const note = (from: "client" | "server", text: string): void => {
    const frame = parsedJson(text);
    if (!isObject(frame)) return;
    if (from === "client") {
      for (const name of ["api_key", "session_token"]) {
        const secret = frame[name];
        if (typeof secret === "string") file.keepSecret(secret);
      }
    }
    const clean = parsedJson(file.clean(text));
    if (isObject(clean)) file.add({ type: "frame", at: file.elapsed, socket, from, frame: { ...clean } });
  };
  client.on("message", (data: RawData) => {
    const text = textOf(data);
    note("client", text);
    if (upstream.readyState === WebSocket.OPEN) upstream.send(text);
    else if (early.length < EARLY_MAX) early.push(text);
    else client.close(1013, "server busy");
  });
  upstream.on("open", () => {
    for (const text of early.splice(0)) upstream.send(text);
  });
  upstream.on("message", (data: RawData) => {
    const text = textOf(data);
    note("server", text);
    client.send(text);
  });
  const end = (other: WebSocket) => (code: number, reason: Buffer) => {
    if (other === client) file.add({ type: "end", at: file.elapsed, socket, code });
    const isSendable = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || code >= 3000;
    if (isSendable) other.close(code, reason);
    else other.terminate();
  };
  client.on("close", end(upstream));
  upstream.on("close", end(client));
  for (const one of [client, upstream]) one.on("error", () => undefined);
  return upstream;
}

/** A chunk of a body, which node types as anything. */
function bytesOf(chunk: unknown): Buffer {
  return chunk instanceof Uint8Array ? Buffer.from(chunk) : Buffer.from(String(chunk));
}

function learnSecrets(headers: IncomingHttpHeaders, file: RecordingFile): void {
  const { authorization, "x-api-key": key } = headers;
  file.keepSecret(authorization?.replace(/^bearer /i, ""));
  file.keepSecret(typeof key === "string" ? key : undefined);
}

function passed(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !HOP_BY_HOP.includes(name)) kept[name] = value;
  }
  return kept;
}

function keptHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = headers[name];
    if (typeof value === "string") kept[name] = value;
  }
  return kept;
}

function textOf(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString("utf8");
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)).toString("utf8");
}
