import type { Agent, StreamEvent, Task, TaskResult } from "../../../src/slim.js";

/** Tasks that are kept; of more, the ones that ended first go. */
export const TASKS_MAX = 1_000;

/** All agents and tasks of a backend, by id, as the events tell. */
export interface World {
  readonly agents: Map<string, Agent>;
  readonly tasks: Map<string, Task>;
}

export function emptyWorld(): World {
  return { agents: new Map(), tasks: new Map() };
}

/** Does what an event says. An event of what is not there changes nothing. */
export function applyEvent(world: World, event: StreamEvent): void {
  switch (event.type) {
    case "agent.created":
      world.agents.set(event.data.agent.id, event.data.agent);
      return;
    case "agent.removed":
      world.agents.delete(event.data.agent_id);
      return;
    case "agent.state_changed": {
      const { agent_id, state, task_id } = event.data;
      change(world.agents, agent_id, { state, current_task_id: task_id, updated_at: event.timestamp });
      return;
    }
    case "agent.moved": {
      const { agent_id, position, scene_id } = event.data;
      change(world.agents, agent_id, { position, scene_id, updated_at: event.timestamp });
      return;
    }
    case "task.assigned": {
      const { task } = event.data;
      // The event does not say who works; what a list said of it stays.
      const work = task.work ?? world.tasks.get(task.id)?.work;
      world.tasks.set(task.id, work === undefined ? task : { ...task, work });
      trim(world.tasks);
      return;
    }
    case "task.started": {
      const { task_id, agent_id } = event.data;
      // The events do not tell what the backend says of a task that begins or ends; it is the same each time.
      const begun = { status: "running", message: "The agent has begun.", agent_id } as const;
      change(world.tasks, task_id, { ...begun, started_at: event.timestamp });
      return;
    }
    case "task.progress": {
      const { task_id, progress, message } = event.data;
      change(world.tasks, task_id, { progress, message });
      return;
    }
    case "task.question":
      change(world.tasks, event.data.task_id, { question: event.data.question });
      return;
    case "task.answered":
      change(world.tasks, event.data.task_id, { question: null });
      return;
    case "task.reviewed":
      change(world.tasks, event.data.task_id, { changes: event.data.changes });
      return;
    case "task.completed": {
      const { task_id, result } = event.data;
      change(world.tasks, task_id, {
        status: "completed",
        progress: 1,
        message: "The task is done.",
        result,
        ...ended(result),
      });
      return;
    }
    case "task.failed": {
      const { task_id, error, result } = event.data;
      change(world.tasks, task_id, { status: "failed", message: error.message, result, ...ended(result) });
      return;
    }
    case "task.cancelled": {
      const { task_id, reason } = event.data;
      const message = reason ?? "Cancelled";
      change(world.tasks, task_id, {
        status: "cancelled",
        message,
        completed_at: event.timestamp,
        question: null,
      });
      return;
    }
    default:
      return;
  }
}

/** What a task that is over has of its result, beside it: it asks nothing any more. */
function ended({ completed_at, changes, usage }: TaskResult): Partial<Task> {
  return { completed_at, changes, usage, question: null };
}

/** Whether a task is over. */
export function isOver({ status }: Pick<Task, "status">): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

/** Lets go of the oldest tasks past {@link TASKS_MAX}, those that are over first. */
export function trim(tasks: Map<string, Task>): void {
  for (const [id, task] of tasks) {
    if (tasks.size <= TASKS_MAX) return;
    if (isOver(task)) tasks.delete(id);
  }
  for (const id of tasks.keys()) {
    if (tasks.size <= TASKS_MAX) return;
    tasks.delete(id);
  }
}

function change<T>(things: Map<string, T>, id: string, fields: Partial<T>): void {
  const thing = things.get(id);
  if (thing !== undefined) things.set(id, { ...thing, ...fields });
}
