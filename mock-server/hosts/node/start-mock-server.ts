import type { AddressInfo } from "node:net";
import type { Server } from "node:http";
import { getHeapStatistics } from "node:v8";
import { systemClock, systemStopwatch } from "../../../src/contract/clock.js";
import type { SystemStatus } from "../../../src/contract/index.js";
import { TOTAL_BYTES } from "../../domain/index.js";
import type { HttpHandler } from "../../http/types.js";
import { createBackend, type ServerBackend } from "../../backend.js";
import type { TestOptions } from "../../testing/create-testing.js";
import { AllowedHosts } from "./allowed-hosts.js";
import { DEFAULT_PATIENCE, createHttpServer, serveHttp, type Patience } from "./http-host.js";
import { ListenError } from "./listen-error.js";
import { originOf } from "./origin.js";
import { shutDownOf } from "./shut-down.js";
import { Turns } from "./turns.js";
import { WEBSOCKET_PATH, attachUpgrade } from "./upgrade.js";

/** How a server is made: where it listens, and everything that a backend takes. */
export interface MockServerOptions extends TestOptions {
  /** Port to listen on; 0 takes any that is free. Default 8000. */
  readonly port?: number;
  /** Address to listen on. Default `"127.0.0.1"`, which only this machine reaches; `"0.0.0.0"` is open to the network. */
  readonly host?: string;
  /**
   * Names under which callers may reach the server beside its addresses, `localhost` and `*.localhost`: `"agents.example.com"`, `"*.example.com"` for
   * all below it, `"*"` for every name. Any other `Host` is refused, so that no page whose name is made to lead here (DNS rebinding) can call.
   * Default: none but `host`, where that is a name.
   */
  readonly allowedHosts?: readonly string[];
  /** Whether answers are compressed for callers that ask for it. Default true. */
  readonly compression?: boolean;
  /**
   * Stands before every call over HTTP: gets what answers them and the backend, and gives what answers them instead. The command
   * serves its console so. Default: nothing.
   */
  readonly front?: (handler: HttpHandler, backend: ServerBackend) => HttpHandler;
  /**
   * How many reverse proxies stand before the server, each of which adds to `X-Forwarded-For` the address that it sees: strangers are counted by
   * that address then. Default 0: the header is not read, since any caller could write it.
   */
  readonly trustedProxies?: number;
  /** How long callers may take, in milliseconds. Default: 10 s for headers, 30 s for a request, 10 s between two, 30 s without reading. */
  readonly patience?: Partial<Patience>;
}

/** A backend that listens on a port. */
export interface MockServer extends AsyncDisposable {
  /** Where it is: `http://127.0.0.1:8000`. */
  readonly url: string;
  /** Where the event stream is: `ws://127.0.0.1:8000/ws`. */
  readonly websocketUrl: string;
  readonly port: number;
  readonly backend: ServerBackend;
  /**
   * Takes no more calls, lets those that run finish for `graceMs` milliseconds (default 5000), ends every connection and
   * closes the backend. Resolves when nothing is left. The second time it waits for the first.
   */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

const GRACE_MS = 5_000;

/** Proxies that may stand before a server; there is no way through more. */
const PROXIES_MAX = 10;

/** The part of the heap that all games may fill, unless more is asked for. */
const HEAP_PART = 8;

/**
 * Starts a whole AgentVM backend behind a port of this machine.
 *
 * @example
 * ```ts
 * const server = await startMockServer({ port: 0, seed: 7 });
 * const agentvm = new AgentVM({ endpoint: server.url, apiKey: "development-key" });
 * await server.close();
 * ```
 *
 * @throws ListenError when the port is in use or the host is not this machine; TypeError for options that are wrong.
 */
export async function startMockServer(options: MockServerOptions = {}): Promise<MockServer> {
  const {
    port = 8_000,
    host = "127.0.0.1",
    allowedHosts = [],
    compression = true,
    patience = {},
    trustedProxies = 0,
    front = (handler: HttpHandler) => handler,
    ...backendOptions
  } = options;
  checkAddress(port, host, compression);
  if (!(Number.isInteger(trustedProxies) && trustedProxies >= 0 && trustedProxies <= PROXIES_MAX)) {
    throw new TypeError(`trustedProxies must be a whole number from 0 to ${PROXIES_MAX}.`);
  }
  const hosts = new AllowedHosts(allowedHosts, host);
  const patient = { ...DEFAULT_PATIENCE, ...patience };
  const server = createHttpServer(patient);
  const shutDown = shutDownOf(server);
  const backend = createBackend({
    totalBytes: totalBytesOfProcess(),
    ...backendOptions,
    parts: { resources: resourcesOfProcess, ...backendOptions.parts },
  });
  try {
    await listen(server, port, host);
  } catch (error) {
    backend.close();
    throw new ListenError(error, port, host);
  }
  const listening = portOf(server.address());
  const url = originOf(host, listening);
  let closing: Promise<void> | null = null;
  const turns = new Turns(systemClock(), systemStopwatch());
  serveHttp(server, front(backend.handler, backend), {
    own: url,
    hosts,
    proxies: trustedProxies,
    turns,
    unreadMs: patient.unreadMs,
    compression,
    closing: () => closing !== null,
  });
  const upgrade = attachUpgrade(server, hubOf(backend), {
    hosts,
    proxies: trustedProxies,
    heard: (owner) => turns.seen(owner),
    ...(options.corsOrigins === undefined ? {} : { corsOrigins: options.corsOrigins }),
  });

  const close: MockServer["close"] = ({ graceMs = GRACE_MS } = {}) => {
    // What a fault holds up would hold up the end too.
    if (closing === null) backend.faults.clear();
    closing ??= Promise.all([shutDown(graceMs), upgrade.close(graceMs)]).then(() => {
      backend.close();
    });
    return closing;
  };
  return {
    url,
    websocketUrl: `${url.replace(/^http/, "ws")}${WEBSOCKET_PATH}`,
    port: listening,
    backend,
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

/** The event stream of whichever life the backend is in. */
function hubOf(backend: ServerBackend): Parameters<typeof attachUpgrade>[1] {
  return {
    accept: (connection) => backend.hub.accept(connection),
    get closed() {
      return backend.hub.closed;
    },
    close: () => backend.hub.close(),
  };
}

function checkAddress(port: unknown, host: unknown, compression: unknown): void {
  if (!(typeof port === "number" && Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new TypeError(`port must be a whole number from 0 to 65535, not ${String(port)}.`);
  }
  if (typeof host !== "string" || host.trim() === "") {
    throw new TypeError('host must be an address or a name, like "127.0.0.1".');
  }
  if (typeof compression !== "boolean") throw new TypeError("compression must be true or false.");
}

/** Listens, or rejects with what the operating system says. */
function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("A server on a port has a port.");
  return address.port;
}

/** What all games may hold, so that the process lives on when they do: they, what they are told in, and a snapshot of them. */
function totalBytesOfProcess(): number {
  return Math.min(TOTAL_BYTES, Math.floor(getHeapStatistics().heap_size_limit / HEAP_PART));
}

function resourcesOfProcess(): SystemStatus["resources"] {
  const { user, system } = process.cpuUsage();
  return { heap_bytes: process.memoryUsage().heapUsed, cpu_seconds: (user + system) / 1_000_000 };
}
