import type { Backend } from "../../assemble.js";
import { CallLog } from "./call-log.js";
import type { BackendControls } from "./controls.js";

/** What the controls do their work on; every host's backend has it. */
export type ControlledBackend = Pick<
  Backend,
  "clock" | "seed" | "isRestored" | "operations" | "restart" | "snapshot" | "watchCalls"
>;

/** The controls of a backend that is at hand, in this page or this process. `close` ends the watching of calls. */
export function localControls(backend: ControlledBackend): BackendControls & { close(): void } {
  const log = new CallLog(() => backend.clock.now());
  const undo = backend.watchCalls((call) => log.add(call));
  return {
    report: async (afterCall) => ({
      seed: backend.seed,
      restored: backend.isRestored,
      time: new Date(backend.clock.now()).toISOString(),
      speed: backend.clock.speed,
      status: backend.operations.systemStatus(),
      calls: log.after(afterCall),
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
    close: undo,
  };
}
