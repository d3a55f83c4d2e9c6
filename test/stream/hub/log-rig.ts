import type { AnyEvent, EventOf } from "../../../src/contract/index.js";
import { createBackendClock, type BackendClock, type Engine } from "../../../mock-server/domain/index.js";
import { RingLog } from "../../../mock-server/domain/event-log.js";
import { createHub, type Hub, type HubLimits } from "../../../mock-server/stream/index.js";
import { ScriptedConnection } from "./scripted-connection.js";

const ADMITTED = { limit: 1, remaining: 1, resetSeconds: 0, retryAfterSeconds: null };

/** A hub over an event log that a test writes itself, for what depends on events and on nothing else. */
export interface LogRig {
  readonly log: RingLog;
  readonly hub: Hub;
  readonly clock: BackendClock;
  readonly errors: unknown[];
  publish(event: AnyEvent): void;
  /** Appends several events before anybody is told of the first, as one command of the engine does. */
  publishTogether(events: readonly AnyEvent[]): void;
  open(): ScriptedConnection;
  /** Gives a turn to those who asked for one, as the event loop of a host does; false when nobody did. */
  turn(): boolean;
  join(hello?: Record<string, unknown>): ScriptedConnection;
}

/** @param givesTurns Whether the connections are of a host that gives turns; `turn` gives them. */
export function createLogRig(
  capacity = 10_000,
  hubLimits: Partial<HubLimits> = {},
  givesTurns = false,
): LogRig {
  const errors: unknown[] = [];
  const report = (error: unknown): void => {
    errors.push(error);
  };
  const log = new RingLog("epoch_1", 0, capacity, report);
  const clock = createBackendClock("manual");
  const noDomain = (): never => {
    throw new Error("This log has no domain behind it.");
  };
  let ids = 0;
  /** The last move of each agent, oldest first. */
  const lastMoves = new Map<string, EventOf<"agent.moved">>();
  const movedSince: Engine["agents"]["movedSince"] = (scope, place) =>
    [...lastMoves.values()].filter(
      ({ seq, game_id }) => seq >= place && (scope.kind === "all" || game_id === scope.game_id),
    );
  const hub = createHub({
    engine: { log, agents: { positionOf: () => undefined, movedSince }, games: { session: noDomain } },
    operations: { run: noDomain, admit: () => ADMITTED, admitStranger: noDomain, charge: noDomain },
    access: {
      identify: () => ({ kind: "key", id: "key:1", role: "admin" }),
      wereValid: noDomain,
      confirm: noDomain,
      onRevoked: () => () => undefined,
    },
    clock,
    ids: { next: (kind) => `${kind}_${(ids += 1)}` },
    limits: hubLimits,
    onError: report,
  });
  const turns: (() => void)[] = [];
  const open = (): ScriptedConnection => {
    const connection = new ScriptedConnection();
    if (givesTurns) connection.later = (work) => turns.push(work);
    return connection.acceptedBy(hub);
  };
  const publishTogether = (events: readonly AnyEvent[]): void => {
    for (const event of events) {
      if (event.type === "agent.removed") lastMoves.delete(event.data.agent_id);
      if (event.type !== "agent.moved") log.append(event);
      else {
        lastMoves.delete(event.data.agent_id);
        lastMoves.set(event.data.agent_id, event);
      }
    }
    for (const event of events) log.tell(event);
    log.endTelling();
  };
  return {
    log,
    hub,
    clock,
    errors,
    publish: (event) => {
      publishTogether([event]);
    },
    publishTogether,
    open,
    turn() {
      const asked = turns.splice(0);
      for (const work of asked) work();
      return asked.length > 0;
    },
    join: (hello = {}) => open().say({ type: "hello", protocol: 1, api_key: "k", ...hello }),
  };
}

const TIMESTAMP = "2026-01-01T00:00:00.000Z";

/**
 * Events of the kinds that differ to a hub: a move, which stands beside the stream and has the place of the event before it; one that a
 * later one supersedes; and one that is never dropped.
 */
export function moved(
  seq: number,
  agent_id: string,
  x: number,
  game_id: string | null = null,
): EventOf<"agent.moved"> {
  return {
    type: "agent.moved",
    epoch: "epoch_1",
    seq,
    timestamp: TIMESTAMP,
    game_id,
    data: { agent_id, position: { x, y: 0, z: 0 }, scene_id: null, sequence: null },
  };
}

export function progressed(
  seq: number,
  task_id: string,
  agent_id: string,
  game_id: string | null = null,
): AnyEvent {
  return {
    type: "task.progress",
    epoch: "epoch_1",
    seq,
    timestamp: TIMESTAMP,
    game_id,
    data: { task_id, agent_id, progress: 0.5, message: `at ${seq}` },
  };
}

export function started(
  seq: number,
  agent_id: string,
  game_id: string | null = null,
  prompt = "p",
): AnyEvent {
  return {
    type: "task.started",
    epoch: "epoch_1",
    seq,
    timestamp: TIMESTAMP,
    game_id,
    data: { task_id: `task_${seq}`, agent_id, team_id: null, prompt, task_type: "general" },
  };
}

export function removed(seq: number, agent_id: string, game_id: string | null = null): AnyEvent {
  return {
    type: "agent.removed",
    epoch: "epoch_1",
    seq,
    timestamp: TIMESTAMP,
    game_id,
    data: { agent_id },
  };
}
