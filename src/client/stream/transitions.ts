import { BUSY_WAIT_MS, fullJitter } from "./backoff.js";
import type { Effect, MachineState, Memory, Moment, PhaseState, Step } from "./machine-types.js";
import { phases } from "./phases.js";
import type { LossReason } from "./stream-events.js";

/** Milliseconds for getting credentials, connecting the game again, or taking a snapshot. */
export const PREPARE_TIMEOUT_MS = 30_000;

/** Milliseconds from opening the socket to the welcome. */
export const WELCOME_TIMEOUT_MS = 10_000;

/** A connection that lasted this many milliseconds was steady: the next failure is a first one again. */
export const STEADY_MS = 10_000;

/** What ended a connection, and when to try again: at once, after backoff, or later since the server is busy. */
export interface Loss {
  readonly reason: LossReason;
  readonly retry: "now" | "backoff" | "later";
  readonly closeCode?: number;
  /** The peer does not answer: no use in waiting for its goodbye. */
  readonly dead?: boolean;
}

/** Nothing changes. */
export function stay(state: MachineState, ...effects: Effect[]): Step {
  return { state, effects };
}

/** The memory of a state, without what belongs to its phase alone. */
export function memoryOf(state: Memory): Memory {
  const { subscribe, cursor, connection, attempt, needsGame, needsFresh, triedFresh, strikes } = state;
  return {
    subscribe,
    cursor,
    connection,
    attempt,
    needsGame,
    needsFresh,
    triedFresh,
    strikes,
    canConnectGame: state.canConnectGame,
  };
}

/** Goes to another phase: what the old one had running ends, and the change is told. */
export function go(
  from: MachineState,
  memory: Memory,
  phase: PhaseState,
  actions: readonly Effect[] = [],
  dead = false,
): Step {
  const left = phases[from.phase];
  const leaving: Effect[] = left.timers.map((name) => ({ type: "cancel_timer", name }));
  if (left.connected && !phases[phase.phase].connected) leaving.push({ type: "drop", dead });
  return {
    state: { ...memoryOf(memory), ...phase },
    effects: [...leaving, ...actions, { type: "connection" }],
  };
}

/** Begins a new connection. */
export function connect(from: MachineState, memory: Memory, now: number, dead = false): Step {
  const connection = memory.connection + 1;
  const step = memory.needsGame ? "game" : "credentials";
  const drop: readonly Effect[] = phases[from.phase].connected ? [{ type: "drop", dead }] : [];
  return go(from, { ...memory, connection }, { phase: "connecting", step, until: now + PREPARE_TIMEOUT_MS }, [
    ...drop,
    { type: "set_timer", name: "deadline", delayMs: PREPARE_TIMEOUT_MS },
    step === "game"
      ? { type: "connect_game", connection }
      : { type: "get_credentials", connection, fresh: memory.needsFresh },
  ]);
}

/** Forgets earlier failures once a connection has lasted. */
export function steadied(state: MachineState, now: number): MachineState {
  if (state.phase !== "live" && state.phase !== "recovering") return state;
  const isClean = state.attempt === 0 && !state.triedFresh;
  return isClean || now - state.since < STEADY_MS ? state : { ...state, attempt: 0, triedFresh: false };
}

/** A connection has failed. */
export function lose(from: MachineState, loss: Loss, { now, chance }: Moment): Step {
  if (phases[from.phase].onFailure === null) return stay(from);
  const memory = memoryOf(from);
  const { attempt } = memory;
  const next = { ...memory, attempt: attempt + 1 };
  // At once only the first time: a server that refuses each connection in the same way is not hammered.
  if (loss.retry === "now" && attempt === 0) return connect(from, next, now, loss.dead);
  const wait = fullJitter(attempt, chance);
  const floor = loss.retry === "later" ? BUSY_WAIT_MS : 0;
  // A busy server's clients are spread at least as wide as they are made to wait.
  const spread = floor > 0 ? Math.floor(chance * BUSY_WAIT_MS) : 0;
  const delayMs = floor + Math.max(wait, spread);
  return go(
    from,
    next,
    {
      phase: "waiting",
      retryAt: now + delayMs,
      notBefore: now + floor,
      reason: loss.reason,
      closeCode: loss.closeCode ?? null,
    },
    [{ type: "set_timer", name: "retry", delayMs }],
    loss.dead ?? false,
  );
}

/** Nothing but `open` can help any more. */
export function stop(from: MachineState, reason: LossReason, closeCode: number | null = null): Step {
  return go(from, from, { phase: "stopped", reason, closeCode });
}
