import { systemClock, systemStopwatch } from "../src/contract/clock.js";
import type { Clock } from "../src/contract/clock.js";
import { dispose } from "../src/contract/dispose.js";
import { DEFAULT_API_KEY, checkOptions } from "./backend-options.js";
import type { BackendOptions } from "./backend-options.js";
import type { Desk } from "./calls/desk.js";
import { createBackendClock, Listeners, MANUAL_CLOCK_START_MS } from "./domain/index.js";
import type { BackendClock, Engine, EngineSnapshot } from "./domain/index.js";
import type { HostParts } from "./host-parts.js";
import type { HttpHandler } from "./http/types.js";
import { beginRun } from "./backend-run.js";
import type { RunStart } from "./backend-run.js";
import { EndedTokens, roleOf, secretOf } from "./calls/index.js";
import type { Access, AnsweredCall, SaidInCall, Operations } from "./calls/index.js";
import type { Hub } from "./stream/hub.js";
import type { ListedScript, Script, ScriptEntry } from "./work/scripts/script.js";

/** How a backend goes on after a restart. */
export interface RestartOptions {
  /** Where chance and ids begin; the seed that it had, when left out. */
  readonly seed?: number | undefined;
  /** What `snapshot()` gave: everything is as it was then, the time too. Left out, it begins with nothing. */
  readonly snapshot?: unknown;
}

/** The whole backend, whatever host it stands behind. What it holds is that of its run now: a restart gives it other parts. */
export interface Backend {
  readonly engine: Engine;
  readonly access: Access;
  readonly operations: Operations;
  /** Answers every call of the contract but the event stream, however it comes. It stays the same through restarts. */
  readonly desk: Desk;
  /** The same, for calls over HTTP. */
  readonly handler: HttpHandler;
  /** The event stream, over connections that a host brings. */
  readonly hub: Hub;
  readonly clock: BackendClock;
  /** The time of connections: hand it to an `AgentVM` as its `clock` where the backend's clock is manual. */
  readonly wallClock: Clock;
  /** Where chance and ids began; give it as `seed` to see the same again. */
  readonly seed: number;
  /** Whether what is there came from a snapshot and not from the seed alone. */
  readonly isRestored: boolean;
  /** The secret of the first key that may make every call; undefined where its hash alone is known, or where there is none. */
  readonly apiKey: string | undefined;
  readonly closed: boolean;
  /** All that a later backend needs to go on from here, as JSON; it holds no key and no token. */
  snapshot(): EngineSnapshot;
  /**
   * Begins anew, empty or from a snapshot, while clients stay: their event streams are closed with 1012, as when a server
   * is restarted, so an SDK comes back by itself and tells a `gap`. The tokens of sessions that are in the snapshot go on working; all others
   * are forgotten.
   *
   * @throws EngineError `invalid_request` for a snapshot that cannot be read, one of a newer version, say; RangeError for a seed that
   * is not a finite number; nothing has changed then.
   *
   * @example
   * const saved = backend.snapshot();
   * backend.restart({ snapshot: saved }); // back to that moment
   */
  restart(options?: RestartOptions): void;
  /** Calls `listener` for every call that is answered from now on, also after a restart. Gives its own undo. */
  watchCalls(listener: (call: AnsweredCall) => void): () => void;
  /**
   * Says what happens to tasks that it fits; the first script that fits and is not used up counts. Gives its own undo, also for `using`.
   *
   * @throws TypeError for a script that is wrong; in a page that has not loaded the code of scripts yet, nobody catches it.
   *
   * @example
   * backend.script({ prompt: "jump", takes: 3, output: "patched player.ts" });
   * backend.script({ times: 1, fails: { code: "tests_failed", message: "3 tests fail." } });
   */
  script(script: Script): (() => void) & Disposable;
  /** The scripts that there are, in their order, how often each was used, and why it was not for the last task that it was not for. */
  scripts(): ListedScript[];
  /** Takes a script away by its id, whoever gave it. False where there is none of that id. */
  removeScript(id: string): boolean;
  /** Ends connections and streams, and forgets timers and tokens. The second time it does nothing. */
  close(): void;
}

/** A backend before HTTP: a host adds that whole, or with code that is loaded when it is needed first. */
export type BackendCore<H extends Hub> = Omit<Backend, "handler"> & { readonly hub: H };

/**
 * Puts a backend together: engine, access, operations, desk and event stream, all on one clock, from the parts that its host
 * hands in.
 *
 * @throws TypeError for options that are wrong or unknown; EngineError `invalid_request` for limits, types or a snapshot that are.
 */
export function assembleBackend<H extends Hub>(options: BackendOptions, host: HostParts<H>): BackendCore<H> {
  checkOptions(options);
  const { parts = {}, clock: mode = "real", apiKeys: keys = [DEFAULT_API_KEY] } = options;
  const apiKeys = [...keys];
  const adminKey = apiKeys.find((key) => roleOf(key) === "admin");
  const baseClock = parts.baseClock ?? systemClock();
  const clock = createBackendClock(mode, baseClock);
  const wallClock = parts.wallClock ?? (mode === "manual" ? clock : baseClock);
  const calls = new Listeners<[AnsweredCall, SaidInCall]>((error) => options.onError?.(error, null));
  const stopwatch = parts.stopwatch ?? (mode === "manual" ? () => clock.now() : systemStopwatch());
  const ended = new EndedTokens();
  let places = 0;
  const entryOf = (given: Script): ScriptEntry => ({ given, place: places++, script: null });
  const scripts = (options.scripts ?? []).map(entryOf);
  const idOf = ({ place }: ScriptEntry): string => `script_${place + 1}`;
  const removeScript = (id: string): boolean => {
    const found = scripts.findIndex((entry) => idOf(entry) === id);
    return found >= 0 && scripts.splice(found, 1).length > 0;
  };
  const begin = (start: RunStart) =>
    beginRun({ options, apiKeys, clock, wallClock, stopwatch, ended, watch: calls, scripts, host }, start);

  let ordinal = 0;
  let isRestored = options.snapshot !== undefined;
  let run = begin({
    seed: options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
    ordinal,
    snapshot: options.snapshot,
  });
  let closed = false;
  return {
    get engine() {
      return run.engine;
    },
    get access() {
      return run.access;
    },
    get operations() {
      return run.operations;
    },
    desk: {
      answer(call) {
        const { loading } = run.work;
        return loading === null ? run.desk.answer(call) : loading.then(() => run.desk.answer(call));
      },
    },
    get hub() {
      return run.hub;
    },
    clock,
    wallClock,
    get seed() {
      return run.seed;
    },
    get isRestored() {
      return isRestored;
    },
    apiKey: adminKey === undefined ? undefined : secretOf(adminKey),
    get closed() {
      return closed;
    },
    snapshot: () => run.engine.snapshot(),
    restart({ seed = run.seed, snapshot } = {}) {
      if (!Number.isFinite(seed)) throw new RangeError(`A seed is a finite number, not ${seed}.`);
      const saved = snapshot === undefined ? undefined : host.readSnapshot(snapshot);
      if (closed) return;
      const now = clock.now();
      const beginning = mode === "manual" ? MANUAL_CLOCK_START_MS : baseClock.now();
      clock.setTime(saved === undefined ? beginning : Date.parse(saved.saved_at));
      const before = run;
      try {
        run = begin({ seed, ordinal: ordinal + 1, snapshot: saved, epoch: "new" });
      } catch (error) {
        clock.setTime(now);
        throw error;
      }
      ordinal += 1;
      isRestored = saved !== undefined;
      before.end();
    },
    script(given) {
      const entry = entryOf(given);
      scripts.push(entry);
      run.work.need();
      const undo = (): void => void removeScript(idOf(entry));
      return Object.assign(undo, { [dispose]: undo });
    },
    scripts: () =>
      scripts.map((entry) => ({ id: idOf(entry), script: entry.given, ...run.work.useOf(entry) })),
    removeScript,
    watchCalls: (listener) => calls.add((call) => listener(call)),
    close() {
      if (closed) return;
      closed = true;
      run.end();
      ended.clear();
      clock.close();
    },
  };
}
