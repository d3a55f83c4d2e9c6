import type { IncomingMessage, Server } from "node:http";
import type { Server as SecureServer } from "node:https";
import type { Duplex } from "node:stream";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import { systemClock } from "../../../src/contract/clock.js";
import { FRAME_MAX_BYTES } from "../../../src/contract/frames.js";
import type { Clock } from "../../../src/contract/index.js";
import { createCors } from "../../http/cors.js";
import { BINARY, DEFAULT_HUB_LIMITS, type Hub } from "../../stream/index.js";
import { AllowedHosts } from "./allowed-hosts.js";
import { HubSocket } from "./hub-socket.js";
import { LastEncoded } from "./last-encoded.js";
import { remoteOf } from "./remote.js";
import { refuseUpgrade } from "./refuse-upgrade.js";
import { WebSocketConnection } from "./websocket-connection.js";

/** How the event stream is served on a port. */
export interface UpgradeOptions {
  /** Which pages may connect, as for CORS: pages on this machine alone unless told otherwise. */
  readonly corsOrigins?: readonly string[];
  /** The hosts that it answers to: addresses and localhost unless told otherwise. */
  readonly hosts?: AllowedHosts;
  /** How many reverse proxies stand before the server; none unless told otherwise. */
  readonly proxies?: number;
  /** Told of each message that comes, with who sent it; null for one that nobody knows. */
  readonly heard?: (owner: string | null) => void;
  /** Sockets at the same time. For one more, one that is closing is cut; where none is, it is refused with 503. */
  readonly socketsMax?: number;
  /** Times the grace of a shutdown; the machine's clock unless told otherwise. */
  readonly clock?: Clock;
}

/** The event stream of one server. */
export interface UpgradeHandle {
  /** Sockets that are open or closing. */
  readonly sockets: number;
  /**
   * Ends the event stream: no connection is taken any more (503), every one that is open is closed with 1012, and what
   * has not gone after `graceMs` milliseconds (default 2000) is cut. Resolves when the last socket is gone. The hub is closed by it.
   */
  close(graceMs?: number): Promise<void>;
}

/** Where the event stream is. */
export const WEBSOCKET_PATH = "/ws";

/** Milliseconds that a peer has to answer the closing handshake. */
const CLOSE_TIMEOUT_MS = 5_000;

/** Sockets beyond the hub's own bound, for those that are still closing. */
const CLOSING_MAX = 500;

/** Milliseconds between asking clients to leave and cutting those that have not. */
const GRACE_MS = 2_000;

/**
 * Bytes from which on a message is compressed. Below it lies nearly every event, and compressing one for each of a hundred
 * clients costs more than it saves; above it lie long prompts and outputs, and batches of positions.
 */
const COMPRESS_FROM_BYTES = 2_048;

const deflateOptions = {
  threshold: COMPRESS_FROM_BYTES,
  // Without these each connection keeps a window of 32 KiB and more in each direction for as long as it lives.
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  serverMaxWindowBits: 12,
  zlibDeflateOptions: { level: 3, memLevel: 5 },
  concurrencyLimit: 4,
};

const serverOptions = {
  noServer: true,
  clientTracking: false,
  maxPayload: FRAME_MAX_BYTES,
  perMessageDeflate: deflateOptions,
  closeTimeout: CLOSE_TIMEOUT_MS,
  WebSocket: HubSocket,
};

/**
 * Serves a hub's event stream at `/ws` of an HTTP server.
 *
 * An upgrade is refused with an HTTP status and the contract's error body: 404 on any other path, 426 for one that is not to a
 * WebSocket, 400 for a handshake that is none, 403 for a host that the server does not answer to and for a page whose origin may not, 503 while the server closes or is full.
 * A page of the server's own origin may always connect. A plain `GET /ws` is no upgrade and is answered by the HTTP
 * routes: 404, since the contract has no such route.
 */
export function attachUpgrade(
  server: Server | SecureServer,
  hub: Pick<Hub, "accept" | "closed" | "close">,
  options: UpgradeOptions = {},
): UpgradeHandle {
  const {
    hosts = new AllowedHosts(),
    proxies = 0,
    heard = ignore,
    socketsMax = DEFAULT_HUB_LIMITS.connectionsMax + DEFAULT_HUB_LIMITS.waitingMax + CLOSING_MAX,
    clock = systemClock(),
  } = options;
  const cors = createCors(options.corsOrigins);
  const sockets = new Set<WebSocket>();
  const encoded = new LastEncoded();
  let closing: Promise<void> | null = null;
  let onEmpty: () => void = () => undefined;

  const wss = new WebSocketServer(serverOptions);
  wss.on("wsClientError", (_error, socket, request) => {
    refuseUpgrade(socket, request, "malformed_handshake");
  });

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // A socket that breaks before it is a WebSocket must not end the process.
    socket.on("error", ignore);
    const isFull = sockets.size >= socketsMax && !cutClosing(sockets);
    const refusal = hosts.whyNot(request) ?? whyNot(request, cors, closing !== null || hub.closed || isFull);
    if (refusal !== null) {
      refuseUpgrade(socket, request, refusal);
      return;
    }
    wss.handleUpgrade(request, socket, head, (websocket) => {
      serve(websocket, remoteOf(request, proxies));
    });
  };

  const serve = (websocket: WebSocket, remote: string): void => {
    sockets.add(websocket);
    const connection = new WebSocketConnection(websocket, remote, encoded, () => {
      events.drained();
    });
    const events = hub.accept(connection);
    websocket.on("message", (data: RawData, isBinary: boolean) => {
      events.message(isBinary ? BINARY : textOf(data));
      // Behind the hello it is known who said it.
      heard(events.owner ?? null);
    });
    websocket.on("close", () => {
      sockets.delete(websocket);
      events.closed();
      if (sockets.size === 0) onEmpty();
    });
    // What goes wrong with a socket ends in its close, which is where it is dealt with.
    websocket.on("error", ignore);
  };

  const shutDown = async (graceMs: number): Promise<void> => {
    hub.close();
    const gone = new Promise<void>((resolve) => {
      onEmpty = resolve;
      if (sockets.size === 0) resolve();
    });
    const cancel = clock.setTimeout(() => {
      for (const websocket of sockets) websocket.terminate();
    }, graceMs);
    await gone;
    cancel();
    wss.close();
  };

  // It stays after the end, to refuse: without it node would hand upgrades to the routes as plain calls.
  server.on("upgrade", onUpgrade);
  return {
    get sockets() {
      return sockets.size;
    },
    close(graceMs = GRACE_MS) {
      closing ??= shutDown(graceMs);
      return closing;
    },
  };
}

/** Cuts a socket whose peer has not answered the closing handshake: it has the time for that while nobody wants its place. */
function cutClosing(sockets: Set<WebSocket>): boolean {
  for (const websocket of sockets) {
    if (websocket.readyState !== websocket.CLOSING) continue;
    sockets.delete(websocket);
    websocket.terminate();
    return true;
  }
  return false;
}

function whyNot(request: IncomingMessage, cors: ReturnType<typeof createCors>, unavailable: boolean) {
  if (request.headers.upgrade?.toLowerCase() !== "websocket") return "not_a_websocket";
  const [path] = (request.url ?? "").split("?");
  if (path !== WEBSOCKET_PATH) return "no_such_route";
  const { origin, host } = request.headers;
  if (origin !== undefined && !isSameOrigin(origin, host) && cors.headersFor(origin) === null) {
    return "origin_not_allowed";
  }
  return unavailable ? "unavailable" : null;
}

/** Whether a page was served by this very server; whoever ends TLS before it keeps the host and changes the scheme. */
function isSameOrigin(origin: string, host: string | undefined): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

function textOf(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString("utf8");
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)).toString("utf8");
}

function ignore(): void {
  // Said where it is attached.
}
