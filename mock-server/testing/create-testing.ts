import type { createDesk, DeskParts } from "../calls/desk.js";
import type { CallWatch } from "../calls/index.js";
import { secretOf } from "../calls/keys.js";
import { DEFAULT_API_KEY } from "../backend-options.js";
import type { BackendOptions } from "../backend-options.js";
import type { Backend } from "../assemble.js";
import { createRandom } from "../domain/index.js";
import type { SeededRandom } from "../domain/index.js";
import type { Hub, HubParts } from "../stream/index.js";
import type { Faults } from "./faults/fault.js";
import { FaultList } from "./faults/fault-list.js";
import { faultyDesk } from "./faults/faulty-desk.js";
import { FaultyConnections } from "./faults/faulty-hub.js";
import { CallJournal } from "./journal/call-journal.js";
import type { Journal } from "./journal/journal.js";
import type { Recording } from "./replay/recording.js";
import { PlayedRecording, checkRecording } from "./replay/replay.js";
import type { Replay } from "./replay/replay.js";
import { replayDesk } from "./replay/replay-desk.js";
import { ReplayHub } from "./replay/replay-hub.js";

/** What a backend for tests has beside what every one has. */
export interface Testing {
  /** What goes wrong on purpose. */
  readonly faults: Faults;
  /** The last calls and what they were answered. */
  readonly journal: Journal;
  /** The recording that it answers from; null where it works by itself. */
  readonly replay: Replay | null;
}

/** How a backend for tests is made. */
export interface TestOptions extends BackendOptions {
  /**
   * A recording to answer from, in the place of the simulation: what `parseRecording` gives, or `loadRecording` in Node. Of what was recorded
   * each answer comes in its order, the last again; events come as long after the call that caused them as they came then, on the backend's clock.
   */
  readonly replay?: Recording;
}

/** Characters from which on a key is a secret that is looked for in what is said; a shorter one stands in many words. */
const KEY_MIN = 8;

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
export function createTesting({
  apiKeys = [DEFAULT_API_KEY],
  replay: recording,
}: TestOptions = {}): TestingParts {
  if (recording !== undefined) checkRecording(recording);
  const replay = recording === undefined ? null : new PlayedRecording(recording, () => joined().clock);
  let backend: Pick<Backend, "clock" | "seed"> | null = null;
  let random: SeededRandom | null = null;
  let runs = 0;
  const joined = (): Pick<Backend, "clock" | "seed"> => {
    if (backend === null) throw new Error("Nobody has said yet whose faults these are.");
    return backend;
  };
  let keys: readonly string[] | null = null;
  const journal = new CallJournal(
    () => joined().clock.now(),
    () => (keys ??= apiKeys.flatMap((key) => secretOf(key) ?? []).filter(({ length }) => length >= KEY_MIN)),
  );
  const journaled = (watch: CallWatch): CallWatch => ({
    size: 1,
    tell(call, said) {
      journal.add(call, said);
      if (watch.size > 0) watch.tell(call, said);
    },
  });
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
    testing: { faults, journal, replay },
    desk: (make) => (given: DeskParts) => {
      const parts = { ...given, watch: journaled(given.watch) };
      // Each run begins its chance anew, as the domain does.
      random = null;
      const run = (runs += 1);
      const desk = make(parts);
      const behind = replay === null ? desk : replayDesk(desk, replay, parts);
      return faultyDesk(behind, faults, parts, journal, () => run !== runs);
    },
    hub: (make) => (parts) => {
      const { watch, clock, wallClock = clock } = parts;
      if (replay !== null) return connections.before(new ReplayHub(replay, wallClock), faults);
      const told = watch && { ...watch, calls: journaled(watch.calls) };
      return connections.before(make(told === undefined ? parts : { ...parts, watch: told }), faults);
    },
    join(one) {
      backend = one;
    },
    close() {
      faults.close();
      journal.close();
    },
  };
}
