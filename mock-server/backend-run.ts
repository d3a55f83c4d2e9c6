import type { Clock } from "../src/contract/index.js";
import type { BackendOptions } from "./backend-options.js";
import type { Desk } from "./calls/desk.js";
import { createSeldomCalls } from "./calls/seldom-calls.js";
import { driveEngine } from "./engine-driver.js";
import { createIds, createRandom } from "./domain/index.js";
import type { BackendClock, Engine, EngineOptions, Ids } from "./domain/index.js";
import type { HostParts } from "./host-parts.js";
import { MemoryJournal } from "./journal/memory-journal.js";
import { createAccess, createOperations, createStats, secretOf, secureToken } from "./calls/index.js";
import type { Access, ApiKey, CallWatch, EndedTokens, Operations } from "./calls/index.js";
import type { Hub } from "./stream/hub.js";
import type { ScriptEntry } from "./work/scripts/script.js";
import { createSimulatedWork } from "./work/simulated/index.js";
import { WorkSlot } from "./work/work-slot.js";
import { createWorkersWork } from "./work/workers/index.js";

/** All of a backend that begins anew when it is restarted: everything but its clock, its keys and its options. */
export interface BackendRun<H extends Hub> {
  readonly engine: Engine;
  readonly access: Access;
  readonly operations: Operations;
  readonly desk: Desk;
  readonly work: WorkSlot;
  readonly hub: H;
  /** Where chance and ids began. */
  readonly seed: number;
  /** Ends connections and streams, and forgets timers and tokens. */
  end(): void;
}

/** What every run of a backend has in common. */
export interface BackendRunParts<H extends Hub> {
  readonly options: BackendOptions;
  readonly apiKeys: readonly ApiKey[];
  readonly clock: BackendClock;
  /** The time of connections. */
  readonly wallClock: Clock;
  readonly stopwatch: () => number;
  /** Tokens of sessions that ended, in this run or one before. */
  readonly ended: EndedTokens;
  readonly watch: CallWatch;
  /** The scripts that there are now. */
  readonly scripts: ScriptEntry[];
  /** What the host handed in. */
  readonly host: HostParts<H>;
}

/** How one run begins. */
export interface RunStart extends Pick<EngineOptions, "snapshot" | "epoch"> {
  readonly seed: number;
  /** Runs before this one. */
  readonly ordinal: number;
}

/** Milliseconds for which `GET /health` says `degraded` after the backend's own work failed. */
const DEGRADED_MS = 60_000;

/** All games of a backend that is embedded are one shard. */
const SHARD = "all";

/**
 * Begins a run.
 *
 * @throws TypeError for keys that are wrong; EngineError `invalid_request` for limits, types or a snapshot that are.
 */
export function beginRun<H extends Hub>(common: BackendRunParts<H>, start: RunStart): BackendRun<H> {
  const { options, host, apiKeys, clock, wallClock, stopwatch, ended, watch, scripts } = common;
  const { parts = {}, limits = {}, totalBytes, agentTypes } = options;
  const { seed, ordinal, snapshot, epoch } = start;
  const report = options.onError ?? (() => undefined);
  const onError = (error: unknown): void => report(error, null);
  const ids = withOwnEpoch((parts.ids ?? createIds)(seed), ordinal);

  const journal = parts.journal?.() ?? new MemoryJournal(onError);
  const functions = options.work ?? {};
  const work = new WorkSlot({
    rest:
      options.workBy === "workers"
        ? createWorkersWork()
        : (parts.work?.() ?? createSimulatedWork(options.simulation)),
    functions: typeof functions === "function" ? { "*": functions } : functions,
    review: options.review,
    scripts,
    clock,
    keys: apiKeys.flatMap((key) => secretOf(key) ?? []),
    load: host.work,
    onError,
  });
  if (options.work !== undefined || scripts.length > 0) work.need();
  const engine = host.createEngine({
    clock,
    ids,
    random: (parts.random ?? createRandom)(seed),
    work,
    limits,
    append: (commit) => journal.append(SHARD, commit.rev - 1, [commit]),
    onListenerError: onError,
    ...(totalBytes === undefined ? {} : { totalBytes }),
    ...(agentTypes === undefined ? {} : { agentTypes }),
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(epoch === undefined ? {} : { epoch }),
  });
  const driver = driveEngine(engine, clock, onError);
  const access = createAccess({ engine, apiKeys, tokens: parts.tokens ?? secureToken, ended, onError });
  const stats = createStats();
  const seldom = createSeldomCalls(
    { engine, clock, once: (...asked) => operations.once(...asked) },
    host.seldom,
  );
  const operations = createOperations({
    analytics: host.analyticsOperations,
    engine,
    review: async (...asked) => (await seldom.get()).reviews.carryOut(...asked),
    access,
    clock,
    wallClock,
    stats,
    websocketClients: () => hub.clients,
    resources: parts.resources ?? (() => null),
    healthy: () => driver.failedAt === null || clock.now() - driver.failedAt > DEGRADED_MS,
  });
  const hub = host.createHub({
    engine,
    operations,
    workers: async () => (await seldom.get()).workers,
    access,
    clock,
    wallClock,
    ids,
    watch: { calls: watch, stopwatch },
    onError,
  });
  const desk = host.createDesk({
    operations,
    access,
    stats,
    seldom,
    watch,
    documents: parts.documents ?? host.documents,
    requestId: parts.requestId ?? (() => ids.next("request")),
    stopwatch,
    onError: report,
  });

  return {
    engine,
    access,
    operations,
    desk,
    work,
    hub,
    seed,
    end() {
      hub.close();
      seldom.close();
      driver.close();
      work.end();
      access.close();
    },
  };
}

/** A restart may begin with the seed, or the snapshot, of a run before it; its event log must not be taken for that one's. */
function withOwnEpoch(ids: Ids, ordinal: number): Ids {
  if (ordinal === 0) return ids;
  return {
    ...ids,
    next: (kind) => (kind === "epoch" ? `${ids.next(kind)}_${ordinal}` : ids.next(kind)),
  };
}
