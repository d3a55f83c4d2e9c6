import { PROTOCOL_VERSION } from "../../contract/version.js";
import type { Welcome } from "../../contract/index.js";
import type { Incoming, IncomingEvent, IncomingLatest } from "./decode.js";
import { isInSnapshot } from "./in-snapshot.js";
import type { Effect, Held, In, MachineState, Moment, Step } from "./machine-types.js";
import type { AgentsSnapshot } from "./ports.js";
import type { GapReason } from "./stream-events.js";
import { fullJitter } from "./backoff.js";
import { go, lose, PREPARE_TIMEOUT_MS, stay, stop } from "./transitions.js";

/**
 * Events that are held back while a snapshot is taken, and agents of which the newest place is; past either the stream is resumed
 * from the snapshot.
 */
export const RECOVERY_BUFFER_MAX = 1_000;
export const RECOVERY_MOVES_MAX = 10_000;

/** Resumes in a row, each stopped by a frame that could not be read, after which what is missing is given up. */
export const STRIKES_MAX = 3;

/** Milliseconds between looks at the clock while connected. */
export const BEAT_CHECK_MS = 5_000;

const HEARTBEAT_MIN_MS = 10;
const HEARTBEAT_MAX_MS = 600_000;

type Connected = In<"live"> | In<"recovering">;

/** Whether the server has missed two beats, by wall clock: then a sleep shows as well as a dead network. */
export function isSilent(state: Connected, now: number): boolean {
  return now - state.heard >= 2 * state.heartbeatMs;
}

/** Sets the next look at the clock. */
export function beat(heartbeatMs: number): Effect {
  return { type: "set_timer", name: "beat", delayMs: Math.min(BEAT_CHECK_MS, heartbeatMs) };
}

/** The peer is taken for dead. The stream comes back at once and resumes, so nothing is lost if it was not. */
export function silent(state: MachineState, moment: Moment): Step {
  return lose(state, { reason: "server silent", retry: "now", dead: true }, moment);
}

/** A frame came while the welcome was awaited. */
export function receiveFirst(state: In<"authenticating">, incoming: Incoming, moment: Moment): Step {
  if (incoming.type === "welcome") return welcome(state, incoming, moment);
  if (incoming.type === "ping") return stay(state, { type: "send_pong", t: incoming.t });
  if (incoming.type === "later") return stay(state);
  const problem = incoming.type === "unreadable" ? incoming.problem : "a frame came before the welcome";
  return stay(state, { type: "problem", problem });
}

function welcome(state: In<"authenticating">, hello: Welcome, { now }: Moment): Step {
  if (hello.protocol !== PROTOCOL_VERSION) return stop(state, "another protocol");
  const here = { epoch: hello.epoch, seq: hello.seq };
  const heartbeatMs = Math.min(HEARTBEAT_MAX_MS, Math.max(HEARTBEAT_MIN_MS, hello.heartbeat_ms));
  const link = { connectionId: hello.connection_id, heartbeatMs, since: now, heard: now, garbled: false };
  const watch = beat(heartbeatMs);
  const { cursor: from } = state;
  if (from === null) {
    return go(state, { ...state, cursor: here }, { phase: "live", recovered: true, ...link }, [watch]);
  }
  const reason = gapReason(state, hello);
  if (reason === null) return go(state, state, { phase: "live", recovered: true, ...link }, [watch]);

  const gameId = state.subscribe.game_id;
  if (gameId === undefined) {
    const memory = { ...state, cursor: here, strikes: 0 };
    const { state: next, effects } = go(state, memory, { phase: "live", recovered: false, ...link }, [watch]);
    const gap = { type: "gap", reason, from, to: here, agents: null } as const;
    return { state: next, effects: [...effects, { type: "gap", gap }] };
  }
  const recovering = {
    phase: "recovering",
    reason,
    from,
    epoch: hello.epoch,
    buffer: [],
    overflowed: false,
    snapshotAttempt: 0,
    ...link,
  } as const;
  return go(state, state, recovering, [watch, ...askForSnapshot(state.connection, gameId)]);
}

function gapReason(state: In<"authenticating">, hello: Welcome): GapReason | null {
  if (state.cursor?.epoch !== hello.epoch) return "epoch_changed";
  if (state.strikes >= STRIKES_MAX) return "unreadable";
  if (hello.recovered) return null;
  return state.cursor.seq > hello.seq ? "cursor_ahead" : "buffer_outrun";
}

function askForSnapshot(connection: number, gameId: string): Effect[] {
  return [
    { type: "set_timer", name: "deadline", delayMs: PREPARE_TIMEOUT_MS },
    { type: "take_snapshot", connection, gameId },
  ];
}

/** A frame came after the welcome. */
export function receive(state: Connected, incoming: Incoming, moment: Moment): Step {
  if (isSilent(state, moment.now)) return silent(state, moment);
  const heard = { ...state, heard: moment.now };
  switch (incoming.type) {
    case "event":
      return heard.phase === "live" ? take(heard, incoming, moment) : hold(heard, incoming);
    case "ping":
      return stay(heard, { type: "send_pong", t: incoming.t });
    case "latest":
      return heard.phase === "live" ? tellLatest(heard, incoming) : holdLatest(heard, incoming);
    case "later":
      return stay(heard);
    case "ack":
      return stay(heard, { type: "ack", ack: incoming });
    case "welcome":
      return stay(heard, { type: "problem", problem: "a second welcome came" });
    case "unreadable":
      return stay({ ...heard, garbled: true }, { type: "problem", problem: incoming.problem });
  }
}

/** Moves and progress beside the stream: they say nothing of the place in it. */
function tellLatest(state: In<"live">, { events, problem }: IncomingLatest): Step {
  const told: Effect[] = events.map((event) => ({ type: "event", event }));
  return stay(state, ...told, ...(problem === "" ? [] : [{ type: "problem", problem } as const]));
}

/** One event of the log: told, dropped since it was had, or the sign that one before it is missing. */
function take(state: In<"live">, incoming: IncomingEvent, moment: Moment): Step {
  const { cursor } = state;
  const { epoch, seq, prev, event, problem } = incoming;
  if (cursor !== null && epoch === cursor.epoch) {
    if (seq <= cursor.seq) return stay(state);
    if (prev <= cursor.seq) {
      return stay(
        { ...state, cursor: { epoch, seq }, strikes: 0, garbled: false },
        event === null ? { type: "problem", problem } : { type: "event", event },
      );
    }
  }
  const strikes = state.garbled ? state.strikes + 1 : state.strikes;
  return lose({ ...state, strikes }, { reason: "event missed", retry: "now" }, moment);
}

function hold(state: In<"recovering">, incoming: IncomingEvent): Step {
  return keep(state, [...state.buffer, incoming]);
}

/** Of an agent's moves the newest alone is held, where it happened. */
function holdLatest(state: In<"recovering">, { events }: IncomingLatest): Step {
  const moves = events.filter((event) => event.type === "agent.moved");
  const moved = new Set(moves.map(({ data }) => data.agent_id));
  const buffer = state.buffer.filter((held) => held.type === "event" || !moved.has(held.move.data.agent_id));
  return keep(state, [...buffer, ...moves.map((move) => ({ type: "move", move }) as const)]);
}

function keep(state: In<"recovering">, buffer: readonly Held[]): Step {
  if (state.overflowed) return stay(state);
  const events = buffer.reduce((count, { type }) => (type === "event" ? count + 1 : count), 0);
  const overflowed = events > RECOVERY_BUFFER_MAX || buffer.length - events > RECOVERY_MOVES_MAX;
  return stay({ ...state, buffer: overflowed ? [] : buffer, overflowed });
}

/** The snapshot is there: the gap is told, then the stream goes on from the snapshot's place. */
export function join(state: In<"recovering">, snapshot: AgentsSnapshot, moment: Moment): Step {
  const { reason, from, buffer, overflowed } = state;
  const to = snapshot.cursor;
  if (to.epoch !== state.epoch) {
    return lose(state, { reason: "snapshot from another epoch", retry: "now" }, moment);
  }
  const { connectionId, heartbeatMs, since, heard, garbled } = state;
  const link = { connectionId, heartbeatMs, since, heard, garbled };
  const joined = go(
    state,
    { ...state, cursor: to, strikes: 0 },
    { phase: "live", recovered: false, ...link },
    [beat(heartbeatMs)],
  );
  const gap = { type: "gap", reason, from, to, agents: snapshot.agents } as const;
  let next = joined.state;
  const effects: Effect[] = [...joined.effects, { type: "gap", gap }];
  const place = { cursor: to, agents: new Map(snapshot.agents.map((agent) => [agent.id, agent])) };
  for (const held of buffer) {
    if (next.phase !== "live") break;
    if (held.type === "move") {
      if (!isInSnapshot(held.move, place)) effects.push({ type: "event", event: held.move });
      continue;
    }
    const taken = take(next, held, moment);
    next = taken.state;
    effects.push(...taken.effects);
  }
  if (overflowed && next.phase === "live") {
    const resumed = lose(next, { reason: "event missed", retry: "now" }, moment);
    next = resumed.state;
    effects.push(...resumed.effects);
  }
  return { state: next, effects };
}

/** The snapshot could not be had: once more, after backoff, while events are held back further. */
export function missSnapshot(state: In<"recovering">, { chance }: Moment): Step {
  const delayMs = fullJitter(state.snapshotAttempt, chance);
  return stay(
    { ...state, snapshotAttempt: state.snapshotAttempt + 1 },
    { type: "cancel_timer", name: "deadline" },
    { type: "set_timer", name: "retry", delayMs },
  );
}

/** Asks for the snapshot again. */
export function retrySnapshot(state: In<"recovering">): Step {
  const gameId = state.subscribe.game_id;
  return gameId === undefined ? stay(state) : stay(state, ...askForSnapshot(state.connection, gameId));
}
