import { setupServer } from "msw/node";
import { createHandlers } from "../../mock-server/msw.js";
import { startMockServer } from "../../mock-server/node.js";
import { createMockBackend } from "../../mock-server/testing.js";
import type { BackendOptions, Testing } from "../../mock-server/testing.js";
import type { Backend } from "../../mock-server/index.js";
import { AgentVM as OverAxios } from "../../src/index.js";
import type { AgentVMOptions } from "../../src/index.js";
import { AgentVM as OverFetch } from "../../src/slim.js";
import type { AnyAgentVM } from "../sdk/transports.js";
import { withWebSocket } from "../lib/web-socket.js";
import { hastyClock } from "../sdk/time.js";

/** A backend for tests behind a host, and a client of it. */
export interface Rig {
  readonly backend: Backend & Testing;
  /** A client by the way that is tested. */
  client(options?: AgentVMOptions): AnyAgentVM;
  /** The same host without a client: what a program in another language sees. */
  readonly endpoint: string;
  readonly fetch: typeof fetch;
  close(): Promise<void>;
}

export type StartRig = (options?: BackendOptions) => Promise<Rig>;

type Client = typeof OverAxios | typeof OverFetch;

const defaults: BackendOptions = { seed: 7, clock: "manual" };

async function inPage(Way: Client, isDirect: boolean, options: BackendOptions = {}): Promise<Rig> {
  const backend = createMockBackend({ ...defaults, ...options });
  const { endpoint, apiKey, fetch, WebSocket } = backend.connection();
  const long: typeof globalThis.fetch = (input, init) => fetch(input, init);
  const connection = { endpoint, apiKey, WebSocket, clock: backend.clock, fetch: isDirect ? fetch : long };
  return {
    backend,
    endpoint,
    fetch: long,
    client: (more) => new Way({ ...connection, ...more }),
    close: async () => backend.close(),
  };
}

async function onPort(Way: Client, options: BackendOptions = {}): Promise<Rig> {
  const server = await startMockServer({ port: 0, ...defaults, ...options });
  const connection = { endpoint: server.url, apiKey: "development-key", clock: hastyClock() };
  return {
    backend: server.backend,
    endpoint: server.url,
    fetch,
    client: (more) => new Way({ ...connection, ...more }),
    close: () => server.close({ graceMs: 0 }),
  };
}

async function behindMsw(Way: Client, options: BackendOptions = {}): Promise<Rig> {
  const backend = createMockBackend({ ...defaults, ...options });
  const endpoint = "http://agents.test";
  const interception = setupServer(...createHandlers(backend, { endpoint }));
  interception.listen({ onUnhandledRequest: "error" });
  const connection = { endpoint, apiKey: "development-key", clock: backend.clock };
  return {
    backend,
    endpoint,
    fetch: (input, init) => fetch(input, init),
    client: (more) => new Way({ ...connection, events: false, ...more }),
    close: async () => {
      interception.close();
      backend.close();
    },
  };
}

/** The same with the event stream. */
async function liveBehindMsw(options: BackendOptions = {}): Promise<Rig> {
  const withoutIt = withWebSocket();
  const rig = await behindMsw(OverFetch, options);
  return {
    ...rig,
    client: (more) => rig.client({ events: true, WebSocket: globalThis.WebSocket, ...more }),
    close: async () => {
      await rig.close();
      withoutIt();
    },
  };
}

/** Every host, with every way by which the SDK reaches it. */
export const rigs: readonly (readonly [name: string, start: StartRig])[] = [
  ["in the page, the shorter way", (options) => inPage(OverFetch, true, options)],
  ["in the page, over fetch", (options) => inPage(OverFetch, false, options)],
  ["in the page, over axios", (options) => inPage(OverAxios, false, options)],
  ["behind a port, over fetch", (options) => onPort(OverFetch, options)],
  ["behind a port, over axios", (options) => onPort(OverAxios, options)],
  ["behind MSW, over fetch", (options) => behindMsw(OverFetch, options)],
  ["behind MSW, over axios", (options) => behindMsw(OverAxios, options)],
];

/** Every host with its event stream. */
export const liveRigs: typeof rigs = [
  ...rigs.filter(([name]) => /shorter|port, over fetch/.test(name)),
  ["behind MSW", liveBehindMsw],
];
