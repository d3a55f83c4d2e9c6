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
  });
}

/** The task as it is told when it is given, frozen: it does not say who does the work. */
export function taskGiven(
  task: Task,
  given: Pick<Task, "agent_id" | "game_id" | "status" | "message">,
): Task {
  return Object.freeze({
    id: task.id,
    agent_id: given.agent_id,
    team_id: task.team_id,
    game_id: given.game_id,
    prompt: task.prompt,
    task_type: task.task_type,
    priority: task.priority,
    timeout: task.timeout,
    status: given.status,
    progress: task.progress,
    message: given.message,
    result: task.result,
    metadata: task.metadata,
    created_at: task.created_at,
    started_at: task.started_at,
    completed_at: task.completed_at,
  });
}

/** The task with who does its work, frozen. */
export function taskWorkedBy(task: Task, work: Task["work"]): Task {
  return Object.freeze({
    id: task.id,
    agent_id: task.agent_id,
    team_id: task.team_id,
    game_id: task.game_id,
    prompt: task.prompt,
    task_type: task.task_type,
    priority: task.priority,
    timeout: task.timeout,
    work,
    status: task.status,
    progress: task.progress,
    message: task.message,
    result: task.result,
    metadata: task.metadata,
    created_at: task.created_at,
    started_at: task.started_at,
    completed_at: task.completed_at,
  });
}

/** What of a task changes while it is worked on. */
export type TaskChange = Pick<
  Task,
  "status" | "progress" | "message" | "result" | "started_at" | "completed_at"
>;

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
    work: old.work,
    status: changed.status,
    progress: changed.progress,
    message: changed.message,
    result: changed.result,
    metadata: old.metadata,
    created_at: old.created_at,
    started_at: changed.started_at,
    completed_at: changed.completed_at,
  });
}
