import { WAKE_SPREAD_MS } from "./backoff.js";
import { obey } from "./close-codes.js";
import type { In, Input, MachineState, Moment, Step, TimerName } from "./machine-types.js";
import { phases } from "./phases.js";
import {
  beat,
  isSilent,
  join,
  missSnapshot,
  receive,
  receiveFirst,
  retrySnapshot,
  silent,
} from "./receive.js";
import type { ConnectionState } from "./stream-events.js";
import { connect, go, lose, memoryOf, stay, steadied, stop, WELCOME_TIMEOUT_MS } from "./transitions.js";

/** The state before anything happened. `canConnectGame` says whether a session that is over can be replaced. */
export function initialState(canConnectGame: boolean): MachineState {
  return {
    phase: "idle",
    subscribe: {},
    cursor: null,
    connection: 0,
    attempt: 0,
    needsGame: false,
    needsFresh: false,
    triedFresh: false,
    strikes: 0,
    canConnectGame,
  };
}

/**
 * The connection, as one pure function: a state and what happens give the next state and what is to be done.
 * What does not belong to the state, or comes from a connection that is gone, changes nothing.
 */
export function step(before: MachineState, input: Input, moment: Moment): Step {
  if (phases[before.phase].end === "for ever") return stay(before);
  const state = steadied(before, moment.now);
  switch (input.type) {
    case "open":
      return open(state, input, moment);
    case "close":
      return go(state, state, { phase: "closed" });
    case "wake":
      return wake(state, moment);
    case "timer":
      return timer(state, input.name, moment);
    default:
      return input.connection === state.connection ? answer(state, input, moment) : stay(state);
  }
}

function open(state: MachineState, input: Extract<Input, { type: "open" }>, { now }: Moment): Step {
  const memory = {
    ...memoryOf(state),
    subscribe: input.subscribe,
    cursor: input.resume ?? state.cursor,
    attempt: 0,
    // Opened again by hand after a refusal: the credentials may have been put right meanwhile.
    triedFresh: false,
  };
  return connect(state, memory, now);
}

/** The network is back, or the page is shown again: what was put off is done now, what may have died is looked at. */
function wake(state: MachineState, moment: Moment): Step {
  const { now, chance } = moment;
  switch (state.phase) {
    case "waiting": {
      const soon = now + Math.floor(chance * WAKE_SPREAD_MS);
      const retryAt = Math.max(state.notBefore, Math.min(state.retryAt, soon));
      if (retryAt === state.retryAt) return stay(state);
      return go(state, { ...state, attempt: 0 }, { ...phaseOfWaiting(state), retryAt }, [
        { type: "set_timer", name: "retry", delayMs: Math.max(0, retryAt - now) },
      ]);
    }
    case "connecting":
    case "authenticating":
      return now >= state.until ? expire(state, moment) : stay(state);
    case "live":
    case "recovering":
      return isSilent(state, now) ? silent(state, moment) : stay(state);
    default:
      return stay(state);
  }
}

function phaseOfWaiting({ notBefore, reason, closeCode }: In<"waiting">) {
  return { phase: "waiting", notBefore, reason, closeCode } as const;
}

function timer(state: MachineState, name: TimerName, moment: Moment): Step {
  switch (state.phase) {
    case "waiting":
      return name === "retry" ? connect(state, state, moment.now) : stay(state);
    case "connecting":
    case "authenticating":
      return name === "deadline" ? expire(state, moment) : stay(state);
    case "recovering":
      if (name === "retry") return retrySnapshot(state);
      if (name === "deadline") return missSnapshot(state, moment);
      return check(state, moment);
    case "live":
      return name === "beat" ? check(state, moment) : stay(state);
    default:
      return stay(state);
  }
}

function check(state: In<"live"> | In<"recovering">, moment: Moment): Step {
  if (isSilent(state, moment.now)) return silent(state, moment);
  // A clock that was set back would hide a silence for as long as it was set back.
  return stay({ ...state, heard: Math.min(state.heard, moment.now) }, beat(state.heartbeatMs));
}

/** What was asked for did not come in time. */
function expire(state: In<"connecting"> | In<"authenticating">, moment: Moment): Step {
  const step = state.phase === "connecting" ? state.step : "socket";
  const reason =
    step === "game" ? "game not connected" : step === "credentials" ? "no credentials" : "no welcome in time";
  return lose(state, { reason, retry: "backoff", dead: true }, moment);
}

type Answer = Extract<Input, { readonly connection: number }>;

/** Something that the present connection waited for, or its socket told. */
function answer(state: MachineState, input: Answer, moment: Moment): Step {
  switch (input.type) {
    case "game_connected":
      if (state.phase !== "connecting" || state.step !== "game") return stay(state);
      return stay(
        { ...state, needsGame: false, step: "credentials" },
        { type: "get_credentials", connection: state.connection, fresh: state.needsFresh },
      );
    case "credentials_ready": {
      if (state.phase !== "connecting" || state.step !== "credentials") return stay(state);
      const until = moment.now + WELCOME_TIMEOUT_MS;
      return stay(
        { ...state, needsFresh: false, step: "socket", until },
        { type: "set_timer", name: "deadline", delayMs: WELCOME_TIMEOUT_MS },
        { type: "open_socket", connection: state.connection },
      );
    }
    case "game_failed":
    case "credentials_failed": {
      if (state.phase !== "connecting" || state.step === "socket") return stay(state);
      const reason = input.type === "game_failed" ? "game not connected" : "no credentials";
      return input.final ? stop(state, reason) : lose(state, { reason, retry: "backoff" }, moment);
    }
    case "socket_opened":
      if (state.phase !== "connecting" || state.step !== "socket") return stay(state);
      return {
        state: { ...memoryOf(state), phase: "authenticating", until: state.until },
        effects: [
          { type: "send_hello", resume: state.cursor, subscribe: state.subscribe },
          { type: "connection" },
        ],
      };
    case "socket_closed":
      return phases[state.phase].connected ? obey(state, input.code, moment) : stay(state);
    case "message":
      if (state.phase === "authenticating") return receiveFirst(state, input.incoming, moment);
      if (state.phase === "live" || state.phase === "recovering")
        return receive(state, input.incoming, moment);
      return stay(state);
    case "snapshot_ready":
      return state.phase === "recovering" ? join(state, input.snapshot, moment) : stay(state);
    case "snapshot_failed":
      return state.phase === "recovering" ? missSnapshot(state, moment) : stay(state);
  }
}

/** What the user sees of a state. */
export function describe(state: MachineState): ConnectionState {
  switch (state.phase) {
    case "idle":
    case "closed":
      return { status: state.phase };
    case "connecting":
    case "authenticating":
      return { status: state.phase, attempt: state.attempt };
    case "live": {
      const { since, connectionId, recovered } = state;
      return { status: "live", since, connectionId, recovered };
    }
    case "recovering":
      return { status: "recovering", connectionId: state.connectionId, reason: state.reason };
    case "waiting": {
      const { attempt, retryAt, reason, closeCode } = state;
      return { status: "waiting", attempt, retryAt, reason, closeCode };
    }
    case "stopped":
      return { status: "stopped", reason: state.reason, closeCode: state.closeCode };
  }
}
