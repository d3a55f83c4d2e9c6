import { agentStateSchema } from "../../src/contract/agents.js";
import { fits } from "../../src/contract/schema.js";
import { isTaskEnding, taskStatusSchema } from "../../src/contract/tasks.js";
import type { Agent, Problem, Task } from "../../src/contract/index.js";
import { AHEAD_MAX_MS } from "./snapshot-schema.js";
import type { EngineSnapshot } from "./snapshot-schema.js";

type Loc = Problem["loc"];

/** What in a snapshot does not belong together, though each part by itself may be, or null. */
export function brokenPart(snapshot: EngineSnapshot): Problem | null {
  const { world, agenda } = snapshot;
  const latest = Date.parse(snapshot.saved_at) + AHEAD_MAX_MS;
  return (
    lateOf(
      latest,
      agenda.jobs.map(({ due }) => due),
      ["agenda", "jobs"],
      "due",
    ) ??
    lateOf(
      latest,
      world.sessions.map(({ expires_at }) => expires_at),
      ["world", "sessions"],
      "expires_at",
    ) ??
    lateOf(
      latest,
      world.answers.map(({ until }) => until),
      ["world", "answers"],
      "until",
    ) ??
    unordered(world.agents, world.ordinals.agent, ["world", "agents"]) ??
    unordered(world.tasks, world.ordinals.task, ["world", "tasks"]) ??
    unordered(world.games, world.ordinals.game, ["world", "games"]) ??
    brokenAgent(snapshot) ??
    brokenTask(snapshot) ??
    brokenTeam(snapshot) ??
    brokenWorker(snapshot)
  );
}

function broken(loc: Loc, msg: string): Problem {
  return { loc: ["snapshot", ...loc], msg, type: "value_error" };
}

/** What is planned later than anything can be. */
function lateOf(latest: number, times: readonly number[], loc: Loc, field: string): Problem | null {
  const place = times.findIndex((time) => time > latest);
  return place < 0 ? null : broken([...loc, place, field], "is too long after saved_at");
}

/** Records that do not stand in the order of their making, in which lists are paged, or whose places would be given again. */
function unordered(records: readonly { readonly ordinal: number }[], next: number, loc: Loc): Problem | null {
  let last = -1;
  for (const [place, { ordinal }] of records.entries()) {
    const at = [...loc, place, "ordinal"];
    if (ordinal <= last) return broken(at, "must be more than the one before");
    if (ordinal >= next) return broken(at, "must be less than the number in world.ordinals");
    last = ordinal;
  }
  return null;
}

function brokenAgent({ seq, world }: EngineSnapshot): Problem | null {
  const tasks = new Map(world.tasks.map(({ task }) => [task.id, task]));
  const seen = new Set<string>();
  for (const [place, { agent, moved }] of world.agents.entries()) {
    const { id, state, current_task_id: current, parent_agent_id: parent } = agent;
    const at: Loc = ["world", "agents", place, "agent"];
    if (moved !== undefined && moved.seq > seq)
      return broken(["world", "agents", place, "moved", "seq"], "is later than the snapshot");
    if (seen.has(id)) return broken([...at, "id"], `is '${id}', as another agent's`);
    seen.add(id);
    // What is told may be of a later version; an engine cannot go on from what it does not know.
    if (!fits(agentStateSchema, state))
      return broken([...at, "state"], `is ${state}, which is not known here`);
    const task = tasks.get(current ?? "");
    if (current !== null && task?.agent_id !== (parent ?? id)) {
      return broken(
        [...at, "current_task_id"],
        `says that '${id}' works on '${current}', which is no task of it`,
      );
    }
    if ((state === "waiting") !== (parent === null && task !== undefined && task.question !== null)) {
      return broken([...at, "state"], `is ${state}, and the question of its task says another thing`);
    }
    if ((current === null) !== (state === "idle")) {
      return broken([...at, "state"], `is ${state}, while current_task_id is ${String(current)}`);
    }
  }
  return null;
}

function brokenTask({ saved_at, world, agenda }: EngineSnapshot): Problem | null {
  const agents = new Map(world.agents.map(({ agent }) => [agent.id, agent]));
  const awaited = new Set(agenda.jobs.map(({ kind, id }) => `${kind}:${id}`));
  const ended = new Set(world.ended);
  const seen = new Set<string>();
  for (const [place, { task }] of world.tasks.entries()) {
    const at: Loc = ["world", "tasks", place, "task"];
    if (seen.has(task.id)) return broken([...at, "id"], `is '${task.id}', as another task's`);
    seen.add(task.id);
    const why = brokenState(task, agents) ?? brokenEnd(task, ended, saved_at);
    if (why !== null) return broken([...at, why[0]], why[1]);
    if (task.status !== "running") continue;
    if (!awaited.has(`timeout:${task.id}`)) {
      return broken(["agenda", "jobs"], `says that the running task '${task.id}' has no end`);
    }
  }
  const asking = new Map(world.asked.map(({ task_id, resumes }) => [task_id, resumes]));
  for (const [place, { task }] of world.tasks.entries()) {
    const isOpen = task.question !== null;
    const resumes = asking.get(task.id) ?? null;
    const isKnown = resumes === null ? !isOpen : isOpen && fits(agentStateSchema, resumes);
    if (isKnown && isOpen === awaited.has(`question:${task.id}`)) continue;
    return broken(
      ["world", "tasks", place, "task", "question"],
      "is not what agenda.jobs and world.asked say of it",
    );
  }
  const endless = world.reviews.findIndex(({ task_id }) => !awaited.has(`review:${task_id}`));
  if (endless >= 0) return broken(["world", "reviews", endless], "has no end in agenda.jobs");
  const lost = world.ended.findIndex((id) => !seen.has(id));
  if (lost >= 0) return broken(["world", "ended", lost], "names no task");
  for (const part of ["outputs", "asked", "diffs", "reviews", "children", "leases"] as const) {
    const orphan = world[part].findIndex(({ task_id }) => !seen.has(task_id));
    if (orphan >= 0) return broken(["world", part, orphan, "task_id"], "names no task");
  }
  return null;
}

type Why = readonly [field: string, msg: string];

function brokenState(task: Task, agents: ReadonlyMap<string, Agent>): Why | null {
  if (!fits(taskStatusSchema, task.status)) return ["status", `is ${task.status}, which is not known here`];
  const worker = task.agent_id === null ? undefined : agents.get(task.agent_id);
  if (task.status === "assigned" && worker === undefined) {
    return ["agent_id", `says that '${task.id}' waits for an agent that is not there`];
  }
  if (task.status === "running" && worker?.current_task_id !== task.id) {
    return ["agent_id", `says that nobody works on the running task '${task.id}'`];
  }
  return null;
}

/** What is over has its result and its place among what is forgotten in time, and nothing else has. */
function brokenEnd(task: Task, ended: ReadonlySet<string>, savedAt: string): Why | null {
  const isOver = isTaskEnding(task.status);
  if (isOver !== ended.has(task.id))
    return ["status", `is ${task.status}, and world.ended says another thing`];
  if (isOver !== (task.result !== null))
    return ["result", `does not fit the status, which is ${task.status}`];
  if (isOver !== (task.completed_at !== null)) {
    return ["completed_at", `does not fit the status, which is ${task.status}`];
  }
  // Times of the wire have one form, so their order is that of the texts.
  return (task.completed_at ?? "") > savedAt ? ["completed_at", "is after saved_at"] : null;
}

/** Workers without an end, and running tasks in the hands of one that is not there, would be waited for in vain. */
function brokenWorker({ seq, world, agenda }: EngineSnapshot): Problem | null {
  const watched = new Set(agenda.jobs.flatMap(({ kind, id }) => (kind === "lease" ? [id] : [])));
  const unplaced = unordered(world.workers, seq + 1, ["world", "workers"]);
  if (unplaced !== null) return unplaced;
  for (const { worker } of world.workers) {
    if (watched.delete(worker.worker_id)) continue;
    return broken(["agenda", "jobs"], `says that the lease of the worker '${worker.worker_id}' has no end`);
  }
  const agents = new Set(world.agents.map(({ agent }) => agent.id));
  const unseen = world.observed.findIndex(
    ({ agent_id, worker_id }) =>
      !agents.has(agent_id) || !world.workers.some(({ worker }) => worker.worker_id === worker_id),
  );
  if (unseen >= 0) return broken(["world", "observed", unseen], "names no agent, or no worker");
  const running = new Set(world.tasks.flatMap(({ task }) => (task.status === "running" ? [task.id] : [])));
  const known = new Set(world.workers.map(({ worker }) => worker.worker_id));
  const lost = world.leases.findIndex(
    ({ task_id, worker_id }) => running.has(task_id) && !known.has(worker_id),
  );
  return lost < 0 ? null : broken(["world", "leases", lost, "worker_id"], "names no worker");
}

function brokenTeam({ world }: EngineSnapshot): Problem | null {
  const open = new Map<string, number>();
  for (const { task } of world.tasks) {
    if (task.team_id === null || isTaskEnding(task.status)) continue;
    open.set(task.team_id, (open.get(task.team_id) ?? 0) + 1);
  }
  for (const [place, team] of world.teams.entries()) {
    const at: Loc = ["world", "teams", place];
    if (team.open !== (open.get(team.team_id) ?? 0)) {
      return broken([...at, "open"], "is not the number of its tasks that are not over");
    }
    if (team.succeeded > team.task_ids.length - team.open) {
      return broken([...at, "succeeded"], "is more than the tasks that are over");
    }
  }
  return null;
}
