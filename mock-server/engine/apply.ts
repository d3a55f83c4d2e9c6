import type { Agent, AnyEvent, Task, TaskEnding, TaskResult } from "../../src/contract/index.js";
import { AgentRecord } from "./agent-record.js";
import type { Change, Fact } from "./changes.js";
import { agentWith, taskWith, taskWorkedBy } from "./copies.js";
import { OutputBuffer } from "./output-buffer.js";
import { cancelMessage, resultOf } from "./results.js";
import type { SceneRecord, TaskRecord, World } from "./world.js";

/** Changes the world as an event or a fact says. Nothing else changes it. */
export function apply(world: World, change: Change): void {
  if ("seq" in change) applyEvent(world, change);
  else applyFact(world, change);
}

function applyEvent(world: World, event: AnyEvent): void {
  switch (event.type) {
    case "agent.moved":
      world.agents.get(event.data.agent_id)?.move(event);
      return;
    case "agent.created":
      return addAgent(world, event.data.agent);
    case "agent.state_changed": {
      const { agent_id, state, task_id } = event.data;
      const record = world.agents.get(agent_id);
      if (record === undefined) return;
      world.agentsByState.remove(record.agent.state);
      world.agentsByState.add(state);
      const { position, scene_id } = record.agent;
      const updated_at = event.timestamp;
      record.agent = agentWith(record.agent, {
        position,
        scene_id,
        state,
        current_task_id: task_id,
        updated_at,
      });
      return;
    }
    case "agent.removed": {
      const record = world.agents.get(event.data.agent_id);
      if (record === undefined) return;
      world.agentsByState.remove(record.agent.state);
      world.agents.delete(event.data.agent_id);
      return;
    }
    case "task.assigned":
      return putTask(world, event.data.task);
    case "task.started": {
      const record = world.tasks.get(event.data.task_id);
      if (record === undefined) return;
      const { progress, result, completed_at } = record.task;
      const message = "The agent has begun.";
      const started_at = event.timestamp;
      const change = { status: "running", progress, message, result, started_at, completed_at } as const;
      return setTask(world, record, taskWith(record.task, change));
    }
    case "task.progress": {
      const { task_id, progress, message } = event.data;
      const record = world.tasks.get(task_id);
      if (record === undefined) return;
      const { status, result, started_at, completed_at } = record.task;
      record.task = taskWith(record.task, { status, progress, message, result, started_at, completed_at });
      return;
    }
    case "task.completed":
      return endTask(world, event.data.task_id, "completed", event.data.result, "The task is done.");
    case "task.failed":
      return endTask(world, event.data.task_id, "failed", event.data.result, event.data.error.message);
    case "task.cancelled": {
      const record = world.tasks.get(event.data.task_id);
      if (record === undefined) return;
      const message = cancelMessage(event.data.reason);
      const result = resultOf(world, record.task, { code: "cancelled", message }, event.timestamp);
      return endTask(world, record.task.id, "cancelled", result, message);
    }
    case "team.completed":
      world.teams.delete(event.data.team_id);
      return;
    case "scene.updated": {
      const scene = world.scenes.get(event.data.game_id)?.get(event.data.scene_id);
      if (scene) scene.revision = event.data.revision;
      return;
    }
    case "session.expiring":
    // It tells of what is coming and changes nothing.
  }
}

function applyFact(world: World, fact: Fact): void {
  switch (fact.type) {
    case "type.added":
      world.types.set(fact.agent_type.type, fact.agent_type);
      return;
    case "agent.numbered":
      world.agents.get(fact.agent_id)?.numberedBy(fact.client);
      return;
    case "output.written": {
      let buffer = world.outputs.get(fact.task_id);
      if (buffer === undefined) world.outputs.set(fact.task_id, (buffer = new OutputBuffer()));
      buffer.write(fact.stream, fact.text);
      return;
    }
    case "work.chosen": {
      const record = world.tasks.get(fact.task_id);
      if (record) record.task = taskWorkedBy(record.task, fact.work);
      return;
    }
    case "work.kept":
      world.work.set(fact.task_id, Object.freeze({ ...world.work.get(fact.task_id), ...fact.kept }));
      return;
    case "session.touched": {
      const session = world.sessions.get(fact.session_id);
      if (session) session.expires_at = fact.expires_at;
      return;
    }
    case "session.opened": {
      const { session_id, game_id, expires_at } = fact;
      world.sessions.set(session_id, { session_id, game_id, expires_at });
      return;
    }
    case "session.closed":
      world.sessions.delete(fact.session_id);
      return;
    case "game.known": {
      const game = world.games.get(fact.game_id);
      if (game) game.about = fact.about;
      else {
        const { game_id, about } = fact;
        world.games.set(game_id, { game_id, ordinal: world.ordinals.game++, about });
      }
      return;
    }
    case "game.forgotten":
      world.games.delete(fact.game_id);
      world.scenes.delete(fact.game_id);
      return;
    case "scene.kept": {
      const { scene_id, body } = fact;
      let scenes = world.scenes.get(body.game_id);
      if (scenes === undefined) world.scenes.set(body.game_id, (scenes = new Map<string, SceneRecord>()));
      const scene = scenes.get(scene_id);
      if (scene) scene.body = body;
      else scenes.set(scene_id, { scene_id, body, revision: 0 });
      return;
    }
    case "team.formed": {
      const { team_id, task_ids } = fact;
      world.teams.set(team_id, { team_id, task_ids, open: task_ids.length, succeeded: 0 });
      return;
    }
    case "task.forgotten": {
      const record = world.tasks.get(fact.task_id);
      if (record === undefined) return;
      world.tasksByStatus.remove(record.task.status);
      world.tasks.delete(fact.task_id);
      world.outputs.delete(fact.task_id);
      world.ended.delete(fact.task_id);
    }
  }
}

function addAgent(world: World, agent: Agent): void {
  const ordinal = world.ordinals.agent++;
  world.agents.set(agent.id, new AgentRecord({ agent: Object.freeze(agent), ordinal, sequences: [] }));
  world.agentsByState.add(agent.state);
  world.made.set(agent.type, (world.made.get(agent.type) ?? 0) + 1);
}

function putTask(world: World, task: Task): void {
  const record = world.tasks.get(task.id);
  // The event does not say who works, which is as it was until it is told to be another.
  if (record) return setTask(world, record, taskWorkedBy(task, record.task.work));
  world.tasks.set(task.id, { task: Object.freeze(task), ordinal: world.ordinals.task++ });
  world.tasksByStatus.add(task.status);
}

function setTask(world: World, record: TaskRecord, task: Task): void {
  world.tasksByStatus.remove(record.task.status);
  world.tasksByStatus.add(task.status);
  record.task = Object.freeze(task);
}

function endTask(
  world: World,
  taskId: string,
  status: TaskEnding,
  result: TaskResult,
  message: string,
): void {
  const record = world.tasks.get(taskId);
  if (record === undefined) return;
  const { task } = record;
  const progress = status === "completed" ? 1 : task.progress;
  const { started_at } = task;
  const { completed_at } = result;
  setTask(world, record, taskWith(task, { status, progress, message, result, started_at, completed_at }));
  world.ended.add(taskId);
  world.work.delete(taskId);
  world.endings[status] += 1;
  const team = task.team_id === null ? undefined : world.teams.get(task.team_id);
  if (team === undefined) return;
  team.open -= 1;
  if (status === "completed") team.succeeded += 1;
}
