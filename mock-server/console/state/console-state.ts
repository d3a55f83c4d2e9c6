import { batch, signal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import type { Agent, AgentType, AgentVM, Clock, ConnectionState, Task } from "../../../src/slim.js";
import type { LoggedCall } from "../controls/call-log.js";
import { CALLS_MAX } from "../controls/call-log.js";
import type { BackendControls, BackendReport } from "../controls/controls.js";
import { SAMPLES_MAX } from "./chart-data.js";
import type { Sample } from "./chart-data.js";
import type { LoggedEvent } from "./event-log.js";
import { Follower } from "./follower.js";
import { Notices, describeError } from "./notices.js";

/** The parts of the console, each a screen. */
export const VIEWS = [
  "agents",
  "tasks",
  "events",
  "requests",
  "charts",
  "types",
  "workers",
  "scripts",
  "faults",
  "backend",
] as const;
export type ViewName = (typeof VIEWS)[number];

/** Milliseconds between two looks at the backend. */
const REPORT_MS = 1_000;

/** What the console stands on. */
export interface ConsoleParts {
  /** A client of its own, with an API key; closed with the console. */
  readonly agentvm: AgentVM;
  readonly controls: BackendControls;
  readonly clock: Clock;
}

/** All that the screens show, and what they do. The signals hold values that are never changed, only replaced. */
export interface ConsoleState extends ConsoleParts {
  readonly notices: Notices;
  readonly view: Signal<ViewName>;
  readonly connection: Signal<ConnectionState>;
  /** Oldest first. */
  readonly agents: Signal<readonly Agent[]>;
  /** Newest first. */
  readonly tasks: Signal<readonly Task[]>;
  readonly types: Signal<readonly AgentType[]>;
  readonly events: Signal<readonly LoggedEvent[]>;
  readonly calls: Signal<readonly LoggedCall[]>;
  readonly samples: Signal<readonly Sample[]>;
  /** Null until the first look. */
  readonly report: Signal<BackendReport | null>;
  /** Why the last look failed; null where it did not. */
  readonly trouble: Signal<string | null>;
  readonly selectedAgent: Signal<string | null>;
  readonly selectedTask: Signal<string | null>;
  /** Does something, tells what came of it, and looks at the backend again. Gives whether it worked. */
  readonly act: (done: string, work: () => Promise<unknown>) => Promise<boolean>;
  readonly clearEvents: () => void;
  readonly clearCalls: () => void;
  /** Asks for the types of agent; no event tells of them. */
  readonly loadTypes: () => Promise<void>;
  /** Ends timers, listening and the client. */
  readonly close: () => void;
}

/** Begins to follow a backend. */
export function createConsoleState(parts: ConsoleParts): ConsoleState {
  const { agentvm, controls, clock } = parts;
  const notices = new Notices(clock);
  const stop = new AbortController();
  let cancelReport: (() => void) | null = null;
  let lastCall = 0;
  let looking: Promise<void> | null = null;

  const state: ConsoleState = {
    ...parts,
    notices,
    view: signal<ViewName>("agents"),
    connection: signal<ConnectionState>(agentvm.state),
    agents: signal([]),
    tasks: signal([]),
    types: signal([]),
    events: signal([]),
    calls: signal([]),
    samples: signal([]),
    report: signal<BackendReport | null>(null),
    trouble: signal<string | null>(null),
    selectedAgent: signal<string | null>(null),
    selectedTask: signal<string | null>(null),
    async act(done, work) {
      try {
        await work();
      } catch (error) {
        if (!stop.signal.aborted) notices.failed(error);
        return false;
      }
      // What was asked before the action does not show it.
      await looking;
      await look();
      if (done !== "") notices.done(done);
      return true;
    },
    clearEvents: () => follower.clearLog(),
    clearCalls() {
      state.calls.value = [];
    },
    async loadTypes() {
      try {
        state.types.value = await agentvm.agents.types({ signal: stop.signal });
      } catch (error) {
        if (!stop.signal.aborted) notices.failed(error);
      }
    },
    close() {
      stop.abort();
      cancelReport?.();
      follower.close();
      notices.close();
      void agentvm.close();
    },
  };

  const changed = (): void => {
    batch(() => {
      state.connection.value = agentvm.state;
      state.agents.value = [...follower.world.agents.values()];
      state.tasks.value = [...follower.world.tasks.values()].reverse();
      state.events.value = follower.log.all();
    });
  };
  const follower = new Follower({
    agentvm,
    clock,
    changed,
    loaded: () => void state.loadTypes(),
    failed: (error) => notices.failed(error),
  });

  const take = (report: BackendReport): void => {
    const { status, calls } = report;
    const { pending_tasks: queue, active_tasks: running, response_time_ms } = status;
    const sample = { at: clock.now(), queue, running, p50: response_time_ms.p50, p95: response_time_ms.p95 };
    batch(() => {
      state.report.value = report;
      state.trouble.value = null;
      state.samples.value = [...state.samples.value, sample].slice(-SAMPLES_MAX);
      const last = calls.at(-1);
      if (last === undefined) return;
      // A server that was started anew counts from the beginning.
      lastCall = last.number;
      state.calls.value = [...state.calls.value, ...calls].slice(-CALLS_MAX);
    });
    follower.refresh();
  };
  const look = (): Promise<void> => {
    looking ??= controls
      .report(lastCall, stop.signal)
      .then(take, (error: unknown) => {
        if (!stop.signal.aborted) state.trouble.value = describeError(error);
      })
      .finally(() => {
        looking = null;
      });
    return looking;
  };
  const lookOn = async (): Promise<void> => {
    await look();
    if (!stop.signal.aborted) cancelReport = clock.setTimeout(() => void lookOn(), REPORT_MS);
  };
  void lookOn();
  return state;
}
