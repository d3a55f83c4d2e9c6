import { systemClock, systemStopwatch } from "../src/contract/clock.js";
import { DEFAULT_API_KEY, checkOptions } from "./backend-options.js";
import type { BackendOptions } from "./backend-options.js";
import { createBackendClock, createEngine, createIds, createRandom } from "./engine/index.js";
import type { BackendClock, Engine, EngineSnapshot } from "./engine/index.js";
import { driveEngine } from "./engine-driver.js";
import { createDesk } from "./desk/desk.js";
import type { Desk } from "./desk/desk.js";
import { generatedDocuments } from "./desk/documents.js";
import { createLateParts } from "./desk/late.js";
import type { HttpHandler } from "./http/types.js";
import { createAccess, createOperations, createStats, secureToken } from "./operations/index.js";
import type { Access, Operations } from "./operations/index.js";
import type { Hub, HubParts } from "./realtime/hub.js";

/** The whole backend, whatever host it stands behind. */
export interface Backend {
  readonly engine: Engine;
  readonly access: Access;
  readonly operations: Operations;
  /** Answers every call of the contract but the event stream, however it comes. */
  readonly desk: Desk;
  /** The same, for calls over HTTP. */
  readonly handler: HttpHandler;
  /** The event stream, over connections that a host brings. */
  readonly hub: Hub;
  readonly clock: BackendClock;
  /** Where chance and ids began; give it as `seed` to see the same again. */
  readonly seed: number;
  /** Keys that may call, in the order of the options. */
  readonly apiKeys: readonly string[];
  readonly closed: boolean;
  /** All that a later backend needs to go on from here, as JSON; it holds no key and no token. */
  snapshot(): EngineSnapshot;
  /** Ends connections and streams, and forgets timers and tokens. The second time it does nothing. */
  close(): void;
}

/** Milliseconds for which `GET /health` says `degraded` after the backend's own work failed. */
const DEGRADED_MS = 60_000;

/** A backend before HTTP: a host adds that whole, or with code that is loaded when it is needed first. */
export type BackendCore<H extends Hub> = Omit<Backend, "handler"> & { readonly hub: H };

/**
 * Puts a backend together: engine, access, operations, desk and event stream, all on one clock. Each host says how it comes by
 * a hub: whole, or one whose code is loaded when the first connection needs it.
 *
 * @throws TypeError for options that are wrong or unknown; EngineError `invalid_request` for limits, types or a snapshot that are.
 */
export function assembleBackend<H extends Hub>(
  options: BackendOptions,
  createHub: (parts: HubParts) => H,
): BackendCore<H> {
  checkOptions(options);
  const { parts = {}, clock: mode = "real", apiKeys = [DEFAULT_API_KEY] } = options;
  const report = options.onError ?? (() => undefined);
  const seed = options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  const baseClock = parts.baseClock ?? systemClock();
  const clock = createBackendClock(mode, baseClock);
  const ids = parts.ids ?? createIds(seed);
  const onError = (error: unknown): void => report(error, null);

  const engine = createEngine({
    clock,
    ids,
    random: parts.random ?? createRandom(seed),
    limits: options.limits ?? {},
    onListenerError: onError,
    ...(options.agentTypes === undefined ? {} : { agentTypes: options.agentTypes }),
    ...(options.snapshot === undefined ? {} : { snapshot: options.snapshot }),
  });
  const driver = driveEngine(engine, clock, onError);
  const access = createAccess({ engine, apiKeys, tokens: parts.tokens ?? secureToken });
  const stats = createStats();
  const late = createLateParts(engine);
  const operations = createOperations({
    engine,
    access,
    clock,
    stats,
    websocketClients: () => hub.clients,
    resources: parts.resources ?? (() => null),
    healthy: () => driver.failedAt === null || clock.now() - driver.failedAt > DEGRADED_MS,
  });
  const hub = createHub({
    engine,
    operations,
    access,
    clock,
    wallClock: parts.wallClock ?? (mode === "manual" ? clock : baseClock),
    ids,
    onError,
  });
  const desk = createDesk({
    operations,
    access,
    stats,
    late,
    documents: parts.documents ?? generatedDocuments,
    requestId: parts.requestId ?? (() => ids.next("request")),
    stopwatch: parts.stopwatch ?? (mode === "manual" ? () => clock.now() : systemStopwatch()),
    onError: report,
  });

  let closed = false;
  return {
    engine,
    access,
    operations,
    desk,
    hub,
    clock,
    seed,
    apiKeys: [...apiKeys],
    get closed() {
      return closed;
    },
    snapshot: () => engine.snapshot(),
    close() {
      if (closed) return;
      closed = true;
      hub.close();
      late.close();
      driver.close();
      access.close();
      clock.close();
    },
  };
}
