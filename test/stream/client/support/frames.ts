import type { Agent, AnyEvent, Task, Welcome } from "../../../../src/contract/index.js";
import { BUILT_IN_AGENT_TYPES } from "../../../../src/contract/index.js";

export const TIME = "2026-01-01T00:00:00.000Z";
export const GAME = "game_1";

export function welcome(change: Partial<Welcome> = {}): Welcome {
  return {
    type: "welcome",
    protocol: 1,
    connection_id: "connection_1",
    epoch: "epoch_1",
    seq: 0,
    recovered: false,
    heartbeat_ms: 15_000,
    server_time: TIME,
    ...change,
  };
}

/** An event of the log, as `prev` says it follows. */
export function eventFrame(seq: number, change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: "agent.removed",
    epoch: "epoch_1",
    seq,
    prev: seq - 1,
    timestamp: TIME,
    game_id: GAME,
    data: { agent_id: `agent_${seq}` },
    ...change,
  };
}

/** A moment that many seconds after {@link TIME}. */
export function timeIn(seconds: number): string {
  return new Date(Date.parse(TIME) + seconds * 1_000).toISOString();
}

/** Moves beside the stream, each of an agent, at a place of the log and of the world, so many seconds after {@link TIME}. */
export function latestFrame(
  ...moves: readonly (readonly [agentId: string, seq: number, x: number, seconds: number])[]
): Record<string, unknown> {
  const events = moves.map(([agent_id, seq, x, seconds]) => ({
    type: "agent.moved",
    epoch: "epoch_1",
    seq,
    timestamp: timeIn(seconds),
    game_id: GAME,
    data: { agent_id, position: { x, y: 0, z: 0 }, scene_id: null, sequence: null },
  }));
  return { type: "latest", events };
}

/** A typed event as a frame. */
export function frameOf(event: Pick<AnyEvent, "type" | "data">, seq: number): Record<string, unknown> {
  return eventFrame(seq, event);
}

export function agent(id: string, change: Partial<Agent> = {}): Agent {
  const { type, name, description, color, personality, capabilities } = BUILT_IN_AGENT_TYPES[0];
  return {
    id,
    type,
    name,
    description,
    color,
    personality,
    capabilities: [...capabilities],
    position: { x: 0, y: 0, z: 0 },
    scene_id: null,
    game_id: GAME,
    state: "idle",
    current_task_id: null,
    created_at: TIME,
    updated_at: TIME,
    metadata: {},
    parent_agent_id: null,
    ...change,
  };
}

export function task(id: string, change: Partial<Task> = {}): Task {
  return {
    id,
    agent_id: "agent_1",
    team_id: null,
    game_id: GAME,
    prompt: "Fix the jump",
    task_type: "debugging",
    priority: 1,
    timeout: 600,
    status: "assigned",
    progress: 0,
    message: "",
    result: null,
    metadata: {},
    created_at: TIME,
    started_at: null,
    completed_at: null,
    attempt: 1,
    question: null,
    changes: null,
    usage: null,
    continues: null,
    ...change,
  };
}
