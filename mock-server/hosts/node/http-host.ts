import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { AllowedHosts } from "./allowed-hosts.js";
import type { HttpHandler } from "../../http/types.js";
import { limitConnections } from "./limit-connections.js";
import { NodeCall } from "./node-call.js";
import { Origins } from "./origin.js";
import { protocolAnswer, protocolErrorOf, refuse } from "./protocol-errors.js";
import { sendAnswer, type SendOptions } from "./send-answer.js";
import { isStreaming } from "./stream-answer.js";
import type { Turns } from "./turns.js";

/** How long a caller may take, in milliseconds. */
export interface Patience {
  /** For the address and the headers of a request; 10 s unless told otherwise. */
  readonly headersMs: number;
  /** For a whole request; 30 s unless told otherwise. */
  readonly requestMs: number;
  /** Between two requests on one connection; 10 s unless told otherwise. */
  readonly keepAliveMs: number;
  /** Without reading anything of an answer that is there; 30 s unless told otherwise. */
  readonly unreadMs: number;
}

export const DEFAULT_PATIENCE: Patience = {
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 10_000,
  unreadMs: 30_000,
};

/** A server of node:http over the HTTP core. It is not listening yet. */
export function createHttpServer(patience: Patience): Server {
  const server = createServer({
    headersTimeout: patience.headersMs,
    requestTimeout: patience.requestMs,
    keepAliveTimeout: patience.keepAliveMs,
    // How often the two limits above are looked at; node's own half a minute would let a slow caller have that much more.
    connectionsCheckingInterval: Math.min(1_000, Math.max(10, Math.floor(patience.headersMs / 2))),
    // Refused in the contract's own form, below.
    requireHostHeader: false,
    keepAlive: true,
    noDelay: true,
  });
  limitConnections(server);
  return server;
}

/** How calls are served. */
export interface ServeOptions extends SendOptions {
  /** The server's own origin. */
  readonly own: string;
  /** The hosts that it answers to. */
  readonly hosts: AllowedHosts;
  /** How many reverse proxies stand before the server. */
  readonly proxies: number;
  /** Whose turn it is. */
  readonly turns: Turns;
}

/** Lets a server answer with the HTTP core. */
export function serveHttp(server: Server, handler: HttpHandler, options: ServeOptions): void {
  const { own, hosts, proxies, turns } = options;
  const origins = new Origins(own);

  const serve = (request: IncomingMessage, response: ServerResponse, waitsToSend: boolean): void => {
    const fault = hosts.whyNot(request);
    if (fault !== null) {
      const { status, headers, body } = protocolAnswer(fault);
      response.writeHead(status, headers).end(body);
      return;
    }
    const call = new NodeCall(
      request,
      response,
      origins.of(request.headers.host ?? ""),
      waitsToSend,
      proxies,
      turns,
    );
    const answer = handler(call);
    if (answer instanceof Promise) {
      answer.then(
        (ready) => sendAnswer(call, ready, options),
        () => request.socket.resetAndDestroy(),
      );
    } else sendAnswer(call, answer, options);
  };

  server.on("request", (request: IncomingMessage, response: ServerResponse) =>
    serve(request, response, false),
  );
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) =>
    serve(request, response, true),
  );
  server.on("checkExpectation", (request: IncomingMessage, response: ServerResponse) =>
    serve(request, response, false),
  );
  server.on("connect", (_request: IncomingMessage, socket: Duplex) => refuse(socket, "connect"));
  server.on("clientError", (error: Error, socket: Duplex) => {
    if (isStreaming(socket)) socket.destroy();
    else refuse(socket, protocolErrorOf(error));
  });
}
