import type { Agent, EventData, EventOf, EventType, Task } from "../../src/contract/index.js";

// Literals, not spreads: these run for every event, and V8 takes many times as long to spread and freeze.

type EventInputs = {
  [T in EventType]: { readonly type: T; readonly game_id: string | null; readonly data: EventData[T] };
};

/** An event that is to happen: the ledger adds its place in the log and its time. */
export type EventInput = EventInputs[EventType];

/** Makes the event, frozen. */
export function stamped<T extends EventType>(
  { type, game_id, data }: EventInputs[T],
  epoch: string,
  seq: number,
  timestamp: string,
): EventOf<T> {
  Object.freeze(data);
  const event: EventOf<T> = { type, epoch, seq, timestamp, game_id, data };
  Object.freeze(event);
  return event;
}

/** What of an agent changes after its creation. */
type AgentChange = Pick<Agent, "position" | "scene_id" | "state" | "current_task_id" | "updated_at">;

/** The agent with what has changed, frozen. */
export function agentWith(old: Agent, changed: AgentChange): Agent {
  return Object.freeze({
    id: old.id,
    type: old.type,
    name: old.name,
    description: old.description,
    color: old.color,
    personality: old.personality,
    position: changed.position,
    scene_id: changed.scene_id,
    game_id: old.game_id,
    state: changed.state,
    capabilities: old.capabilities,
    current_task_id: changed.current_task_id,
    created_at: old.created_at,
    updated_at: changed.updated_at,
    metadata: old.metadata,
    parent_agent_id: old.parent_agent_id,
  });
}

/** What of a task changes while it is worked on. */
export type TaskChange = Pick<
  Task,
  "status" | "progress" | "message" | "result" | "started_at" | "completed_at"
> &
  Partial<Pick<Task, "question" | "changes" | "usage">>;

/** The task with what has changed, frozen. */
export function taskWith(old: Task, changed: TaskChange): Task {
  return Object.freeze({
    id: old.id,
    agent_id: old.agent_id,
    team_id: old.team_id,
    game_id: old.game_id,
    prompt: old.prompt,
    task_type: old.task_type,
    priority: old.priority,
    timeout: old.timeout,
    status: changed.status,
    progress: changed.progress,
    message: changed.message,
    result: changed.result,
    metadata: old.metadata,
    created_at: old.created_at,
    started_at: changed.started_at,
    completed_at: changed.completed_at,
    attempt: old.attempt,
    question: changed.question === undefined ? old.question : changed.question,
    changes: changed.changes === undefined ? old.changes : changed.changes,
    usage: changed.usage === undefined ? old.usage : changed.usage,
    continues: old.continues,
    work: old.work,
  });
}

/** The task as it is told of when it is given to an agent, or to nobody yet: without who works, who may be another before the work begins. */
export function assignedTask(
  old: Task,
  changed: Pick<Task, "agent_id" | "game_id" | "status" | "message">,
): Omit<Task, "work"> {
  return Object.freeze({
    id: old.id,
    agent_id: changed.agent_id,
    team_id: old.team_id,
    game_id: changed.game_id,
    prompt: old.prompt,
    task_type: old.task_type,
    priority: old.priority,
    timeout: old.timeout,
    status: changed.status,
    progress: old.progress,
    message: changed.message,
    result: old.result,
    metadata: old.metadata,
    created_at: old.created_at,
    started_at: old.started_at,
    completed_at: old.completed_at,
    attempt: old.attempt,
    question: old.question,
    changes: old.changes,
    usage: old.usage,
    continues: old.continues,
  });
}
