import type { Agent, Task } from "../../src/contract/index.js";
import type { AgentRecord } from "./agent-record.js";
import { ENDED_TASKS_MAX } from "./bounds.js";
import { chooseAgent } from "./chooser.js";
import { noteWork } from "./note-work.js";
import { assignedTask, type EventInput } from "./frozen-records.js";
import type { Core } from "./core.js";
import { gameKey } from "./idle-pools.js";
import { TaskJob, type Ending } from "./job.js";
import { closeQuestion } from "./questions.js";
import { resultOf } from "./results.js";
import { setState } from "./set-state.js";
import type { TaskRecord } from "./world.js";

/** Tells that a task is given to an agent, or waits for one, and what is known of it now. */
export function announce(core: Core, task: Task, agent: Agent | null): void {
  const given = agent === null ? waiting(task) : handedTo(task, agent);
  const work = core.work.kindOf(given, agent);
  const told = work === "worker" ? Object.freeze({ ...given, message: missing(core, given, agent) }) : given;
  core.ledger.emit({ type: "task.assigned", game_id: told.game_id, data: { task: told } });
  noteWork(core, told.id, work);
}

/** Gives an idle agent what it is to do next, if there is anything. */
export function giveWork(core: Core, agent: AgentRecord): void {
  if (core.world.observed.has(agent.agent.id)) return;
  const next = core.indexes.queue.nextFor(agent.agent.id, agent.agent.game_id);
  if (next === undefined) return;
  const isPending = next.task.status === "pending";
  if (core.work.kindOf(next.task, agent.agent) === "worker") {
    // A worker takes it when it has a slot free; until then whoever looks is told that it is a worker that is missing.
    const isTold = isPending || next.task.message === missing(core, next.task, agent.agent);
    if (!isTold) announce(core, next.task, agent.agent);
    return;
  }
  if (isPending) announce(core, next.task, agent.agent);
  askToBegin(core, next, agent);
}

/** What a task waits for that a worker is to do. */
function missing(core: Core, { game_id, message }: Task, agent: Agent | null): string {
  if (agent !== null && agent.state !== "idle") return message;
  const types = agent
    ? [agent.type]
    : Array.from(candidatesFor(core, game_id), ({ agent: { type } }) => type);
  if (types.length === 0) return message;
  const named = [...new Set(types)].map((type) => `'${type}'`).join(" or ");
  return `Waiting for a worker that serves ${named}.`;
}

function handedTo(task: Task, agent: Agent): Task {
  const message =
    agent.state === "idle"
      ? `${agent.name} takes it on.`
      : `Waiting for ${agent.name} to finish what it does now.`;
  return assignedTask(task, { agent_id: agent.id, game_id: agent.game_id, status: "assigned", message });
}

function waiting(task: Task): Task {
  const message = "Waiting for an agent to be free.";
  return assignedTask(task, { agent_id: null, game_id: task.game_id, status: "pending", message });
}

/** Gives a task, new or given back, to the best idle agent of those that may take it; if none is idle, it waits. */
export function offer(core: Core, task: Task, preferredType?: string): void {
  // Those whose work begins at once. Whose agents get what workers do depends on which worker comes first.
  const able = [...candidatesFor(core, task.game_id)].filter(
    ({ agent }) => core.work.kindOf(task, agent) !== "worker",
  );
  const worker = chooseAgent(able, task.task_type, preferredType);
  announce(core, task, worker?.agent ?? null);
  if (
    worker === undefined &&
    preferredType !== undefined &&
    core.world.tasks.get(task.id)?.task.work === "worker"
  )
    core.ledger.note({ type: "task.preferred", task_id: task.id, agent_type: preferredType });
  const record = core.world.tasks.get(task.id);
  if (worker && record) askToBegin(core, record, worker);
}

/** The idle agents that may take a task of the game, one of each type; a task of no game any agent may take. */
export function* candidatesFor(core: Core, gameId: string | null): Generator<AgentRecord> {
  const { idle } = core.indexes;
  const keys = gameId === null ? [...idle.keys()] : [gameId];
  for (const key of keys) yield* idle.heads(key);
}

/** Asks for the work on a task of an idle agent to begin. */
export function askToBegin(core: Core, record: TaskRecord, agent: AgentRecord): void {
  core.work.begin(new TaskJob(core, record, agent, WAYS));
}

/** A task as its worker has it, if it is an agent's. */
export function jobOf(core: Core, record: TaskRecord | undefined): TaskJob | undefined {
  const agent = core.world.agents.get(record?.task.agent_id ?? "");
  return record && agent && new TaskJob(core, record, agent, WAYS);
}

/** Wakes the worker of a task, who wanted to be woken now. */
export function wakeWorker(core: Core, taskId: string): void {
  const job = jobOf(core, core.world.tasks.get(taskId));
  if (job) core.work.wake(job);
}

/** Removes an agent that has nothing of its own to do any more, and offers what waited for it to the others. */
export function dismiss(core: Core, { agent }: AgentRecord): void {
  const { id: agent_id, game_id, current_task_id: task_id } = agent;
  const left = core.indexes.queue.waitingFor(agent_id);
  for (const [child, id] of core.world.children.get(task_id ?? "") ?? [])
    if (task_id !== null && id === agent_id) core.ledger.note({ type: "child.left", task_id, child });
  core.ledger.emit({ type: "agent.removed", game_id, data: { agent_id } });
  for (const { task } of left) offer(core, task);
}

/** Tells the workers of all running tasks that they go on, from a snapshot. */
export function resumeWork(core: Core): void {
  for (const record of core.world.tasks.values()) {
    const job = record.task.status === "running" ? jobOf(core, record) : undefined;
    if (job) core.command(() => core.work.resumed?.(job));
  }
}

/** Ends a task whose time is over. */
export function endOverdue(core: Core, taskId: string): void {
  const record = core.world.tasks.get(taskId);
  if (record?.task.status !== "running") return;
  const message = `The task took longer than its time limit of ${record.task.timeout} s.`;
  endTask(core, record, { kind: "failed", error: { code: "timeout", message } });
  core.stopped.push({ task: record.task, why: "timeout" });
}

/**
 * Ends a task that is not over; its agent, if it was at work on it, is idle then and takes the next one.
 *
 * @param leaving Whether the agent is about to be removed, and so neither rests nor takes anything.
 */
export function endTask(core: Core, record: TaskRecord, ending: Ending, leaving = false): void {
  const { task } = record;
  const wasRunning = task.status === "running";
  forgetPlans(core, task.id);
  core.ledger.emit(endingEvent(core, task, ending));
  endTeam(core, task);
  keepEnded(core, gameKey(task.game_id));
  dismissHelpers(core, task.id);
  if (ending.kind === "cancelled" && task.agent_id !== null) {
    core.stopped.push({ task: record.task, why: "cancelled" });
  }
  const worker = wasRunning && task.agent_id !== null ? core.world.agents.get(task.agent_id) : undefined;
  if (worker === undefined || leaving) return;
  setState(core, worker.agent, "idle", null);
  giveWork(core, worker);
}

/** Lets go of all that hangs on the work that is under way, which is to begin again. */
export function settle(core: Core, record: TaskRecord): void {
  const { id, question } = record.task;
  forgetPlans(core, id);
  if (question !== null) {
    const { question_id } = question;
    closeQuestion(core, record, { question_id, choice: null, text: null, by: "worker" });
  }
  dismissHelpers(core, id);
}

function forgetPlans(core: Core, taskId: string): void {
  for (const kind of ["work", "timeout", "question"] as const) core.agenda.cancel(kind, taskId);
}

function dismissHelpers(core: Core, taskId: string): void {
  for (const id of core.world.children.get(taskId)?.values() ?? []) {
    const child = core.world.agents.get(id);
    if (child) dismiss(core, child);
  }
}

const WAYS = { end: endTask, dismiss };

/** Forgets the tasks that have been over for long enough, and sees to it that the next one will be. */
export function forgetOld(core: Core): void {
  const lifeMs = core.limits.completed_task_ttl_seconds * 1_000;
  for (const taskId of core.world.ended) {
    const completedAt = core.world.tasks.get(taskId)?.task.completed_at ?? null;
    const due = completedAt === null ? -Infinity : Date.parse(completedAt) + lifeMs;
    if (due > core.ledger.now) return core.agenda.schedule("forget", "", due);
    core.ledger.note({ type: "task.forgotten", task_id: taskId });
  }
}

function endingEvent(core: Core, task: Task, ending: Ending): EventInput {
  const { id: task_id, agent_id, team_id, game_id } = task;
  const { timestamp } = core.ledger;
  if (ending.kind === "completed" && agent_id !== null) {
    const result = resultOf(core.world, task, null, timestamp);
    return { type: "task.completed", game_id, data: { task_id, agent_id, team_id, result } };
  }
  if (ending.kind === "failed") {
    const error = Object.freeze({ ...ending.error });
    const result = resultOf(core.world, task, error, timestamp);
    return { type: "task.failed", game_id, data: { task_id, agent_id, team_id, error, result } };
  }
  const reason = ending.kind === "cancelled" ? ending.reason : null;
  return { type: "task.cancelled", game_id, data: { task_id, agent_id, reason } };
}

function endTeam(core: Core, task: Task): void {
  const team = task.team_id === null ? undefined : core.world.teams.get(task.team_id);
  if (team === undefined || team.open > 0) return;
  const { team_id, task_ids, succeeded } = team;
  const failed = task_ids.length - succeeded;
  const data = { team_id, task_ids: [...task_ids], succeeded, failed };
  core.ledger.emit({ type: "team.completed", game_id: task.game_id, data });
}

function keepEnded(core: Core, key: string): void {
  const ended = core.indexes.holdings.endedTasks(key);
  if (ended.size > ENDED_TASKS_MAX) {
    for (const taskId of ended) {
      if (ended.size <= ENDED_TASKS_MAX) break;
      core.ledger.note({ type: "task.forgotten", task_id: taskId });
    }
  }
  if (!core.agenda.has("forget", "")) forgetOld(core);
}
