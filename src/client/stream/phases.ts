import type { TimerName } from "./machine-types.js";

/** What holds in one state of the connection. */
interface PhaseRules {
  /** Whether commands and positions go over the socket. */
  readonly maySend: boolean;
  /** Whether events are held back until a snapshot is there. */
  readonly mayQueue: boolean;
  /** Whether there is a socket, or one is being got: what comes from it counts. */
  readonly connected: boolean;
  /** Timers that may run; all of them are cancelled on the way out. */
  readonly timers: readonly TimerName[];
  /** Where a failure leads; null where nothing can fail. */
  readonly onFailure: "waiting" | null;
  /** Whether only `open` leads out of it, or nothing at all. */
  readonly end: "no" | "until opened" | "for ever";
}

const resting = { maySend: false, mayQueue: false, connected: false, timers: [], onFailure: null } as const;

/** The states of the connection, as one table. */
export const phases = {
  idle: { ...resting, end: "until opened" },
  connecting: {
    maySend: false,
    mayQueue: false,
    connected: true,
    timers: ["deadline"],
    onFailure: "waiting",
    end: "no",
  },
  authenticating: {
    maySend: false,
    mayQueue: false,
    connected: true,
    timers: ["deadline"],
    onFailure: "waiting",
    end: "no",
  },
  live: {
    maySend: true,
    mayQueue: false,
    connected: true,
    timers: ["beat"],
    onFailure: "waiting",
    end: "no",
  },
  recovering: {
    maySend: false,
    mayQueue: true,
    connected: true,
    timers: ["beat", "retry", "deadline"],
    onFailure: "waiting",
    end: "no",
  },
  waiting: { ...resting, timers: ["retry"], end: "no" },
  stopped: { ...resting, end: "until opened" },
  closed: { ...resting, end: "for ever" },
} as const satisfies Record<string, PhaseRules>;

/** The name of a state of the connection. */
export type Phase = keyof typeof phases;
