import { getWork } from "#work";
import type { Backend } from "../../assemble.js";
import type { Testing } from "../../testing/create-testing.js";
import { CallJournal } from "../../testing/journal/call-journal.js";
import { CALLS_MAX } from "./call-log.js";
import { SCRIPTS_MAX } from "./controls.js";
import type { BackendControls } from "./controls.js";
import { listedWorkers } from "./listed-workers.js";
import { writtenScript } from "./script-wire.js";

/** What the controls do their work on; every host's backend has it. */
export type ControlledBackend = Pick<
  Backend,
  | "clock"
  | "engine"
  | "seed"
  | "isRestored"
  | "operations"
  | "restart"
  | "snapshot"
  | "watchCalls"
  | "script"
  | "scripts"
  | "removeScript"
> &
  Partial<Testing>;

/** The controls of a backend that is at hand, in this page or this process. `close` ends the watching of calls. */
export function localControls(backend: ControlledBackend): BackendControls & { close(): void } {
  const { log, forget } = logOf(backend);
  return {
    report: async (afterCall) => ({
      seed: backend.seed,
      restored: backend.isRestored,
      time: new Date(backend.clock.now()).toISOString(),
      speed: backend.clock.speed,
      status: backend.operations.systemStatus(),
      calls: log.after(afterCall, CALLS_MAX),
      faults: backend.faults?.list() ?? null,
    }),
    async setSpeed(speed) {
      backend.clock.speed = speed;
    },
    async advance(ms) {
      backend.clock.advance(ms);
    },
    async restart(beginning) {
      backend.restart(beginning);
    },
    saveSnapshot: async () => JSON.stringify(backend.snapshot()),
    workers: async () => listedWorkers(backend.engine),
    scripts: async () => backend.scripts().map(writtenScript),
    async addScript(given) {
      const { scriptOfJson } = await getWork();
      const read = scriptOfJson(given, "script");
      if (!read.ok) return read.problems;
      if (backend.scripts().length >= SCRIPTS_MAX) {
        const msg = `is one too many: there are ${SCRIPTS_MAX}, as many as may be`;
        return [{ loc: ["script"], msg, type: "too_big" }];
      }
      backend.script(read.value);
      return [];
    },
    async removeScripts(id) {
      const all = backend.scripts().map((script) => script.id);
      for (const one of id === undefined ? all : [id]) backend.removeScript(one);
    },
    async addFault(fault) {
      faultsOf(backend).add(fault);
    },
    async removeFaults(id) {
      if (id === undefined) faultsOf(backend).clear();
      else faultsOf(backend).remove(id);
    },
    close: forget,
  };
}

/** @throws Error for a backend of the entry that has none. */
function faultsOf({ faults }: Partial<Testing>): Testing["faults"] {
  if (faults !== undefined) return faults;
  throw new Error("This backend cannot be told to fail; make it with oligarchy-agentvm/testing.");
}

/** The journal that a backend has, or one that is kept for the console alone. */
function logOf(backend: ControlledBackend): { readonly log: CallJournal; readonly forget: () => void } {
  if (backend.journal instanceof CallJournal) return { log: backend.journal, forget: () => undefined };
  const log = new CallJournal(() => backend.clock.now());
  return { log, forget: backend.watchCalls((call) => log.add(call)) };
}
