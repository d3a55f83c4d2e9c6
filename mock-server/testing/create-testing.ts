import type { createDesk, DeskParts } from "../calls/desk.js";
import type { Backend } from "../assemble.js";
import { createRandom } from "../domain/index.js";
import type { SeededRandom } from "../domain/index.js";
import type { Hub, HubParts } from "../stream/index.js";
import type { Faults } from "./faults/fault.js";
import { FaultList } from "./faults/fault-list.js";
import { faultyDesk } from "./faults/faulty-desk.js";
import { FaultyConnections } from "./faults/faulty-hub.js";

/** What a backend for tests has beside what every one has. */
export interface Testing {
  /** What goes wrong on purpose. */
  readonly faults: Faults;
}

/** What stands between a backend and its host, and what a test does with it. */
export interface TestingParts {
  readonly testing: Testing;
  /** Puts faults before a desk. */
  desk(make: typeof createDesk): typeof createDesk;
  /** Puts faults before the event stream. */
  hub(make: (parts: HubParts) => Hub): (parts: HubParts) => Hub;
  /** Says whose faults they are, before anybody calls it. */
  join(backend: Pick<Backend, "clock" | "seed">): void;
  /** Lets go of all that is held up, for good. */
  close(): void;
}

/** Makes what a test does with one backend. It survives restarts, as a network does. */
export function createTesting(): TestingParts {
  let backend: Pick<Backend, "clock" | "seed"> | null = null;
  let random: SeededRandom | null = null;
  const joined = (): Pick<Backend, "clock" | "seed"> => {
    if (backend === null) throw new Error("Nobody has said yet whose faults these are.");
    return backend;
  };
  const connections = new FaultyConnections();
  const faults: FaultList = new FaultList(
    () => ({
      clock: joined().clock,
      // A branch of its own, so that the domain draws what it would have drawn.
      random: () => (random ??= createRandom(joined().seed).fork("faults")),
    }),
    (rule) => connections.strike(rule, faults),
  );
  return {
    testing: { faults },
    desk: (make) => (parts: DeskParts) => {
      // Each run begins its chance anew, as the domain does.
      random = null;
      return faultyDesk(make(parts), faults, parts, { broke: () => undefined });
    },
    hub: (make) => (parts) => connections.before(make(parts), faults),
    join(one) {
      backend = one;
    },
    close: () => faults.close(),
  };
}
