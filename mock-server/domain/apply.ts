import type { Agent, AnyEvent, EventOf, Task, TaskEnding, TaskResult } from "../../src/contract/index.js";
import { AgentRecord } from "./agent-record.js";
import type { Change, Fact } from "./changes.js";
import { agentWith, taskWith } from "./frozen-records.js";
import { SESSION_TOKENS_KEPT, TASK_ANSWERS_MAX } from "./bounds.js";
import { gameKey } from "./idle-pools.js";
import { OutputBuffer } from "./output-buffer.js";
import { ownerOfGame } from "./owners.js";
import { cancelMessage, resultOf } from "./results.js";
import type { Undo } from "./undo.js";
import type { AskedRecord, KeptAnswer, SceneRecord, TaskRecord, World } from "./world.js";

/**
 * Changes the world as an event or a fact says. Nothing else changes it.
 *
 * @param undo Is given the steps that take the change back, each before what it takes back is done.
 */
export function apply(world: World, change: Change, undo?: Undo): void {
  if ("seq" in change) applyEvent(world, change, undo);
  else applyFact(world, change, undo);
  if (undo === undefined) applyKept(world, change);
}

/**
 * The part of a change that nobody asks for in the command that makes it: it is done once the command is kept, so that nothing of it has
 * to be taken back. {@link apply} does it too where there is nothing to take back.
 */
export function applyKept(world: World, change: Change): void {
  if (change.type === "analytics.reported") world.analytics.add(change.game_id, change.events);
  else if (change.type === "game.forgotten") world.analytics.forget(change.game_id);
}

function applyEvent(world: World, event: AnyEvent, undo?: Undo): void {
  switch (event.type) {
    case "agent.moved": {
      const record = world.agents.get(event.data.agent_id);
      if (record === undefined) return;
      undo?.push(record.undo());
      record.move(event);
      return;
    }
    case "agent.created":
      return addAgent(world, event.data.agent, undo);
    case "agent.state_changed": {
      const { agent_id, state, task_id } = event.data;
      const record = world.agents.get(agent_id);
      if (record === undefined) return;
      undo?.push(record.undo());
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
      remove(world.observed, event.data.agent_id, undo);
      return remove(world.agents, event.data.agent_id, undo);
    }
    case "task.assigned":
      return putTask(world, event.data.task, undo);
    case "task.started": {
      const record = world.tasks.get(event.data.task_id);
      if (record === undefined) return;
      const { progress, result, completed_at } = record.task;
      const message = "The agent has begun.";
      const started_at = event.timestamp;
      const change = { status: "running", progress, message, result, started_at, completed_at } as const;
      return setTask(world, record, taskWith(record.task, change), undo);
    }
    case "task.progress": {
      const { task_id, progress, message } = event.data;
      const record = world.tasks.get(task_id);
      if (record === undefined) return;
      const { task } = record;
      const { status, result, started_at, completed_at } = task;
      undo?.push(() => (record.task = task));
      record.task = taskWith(task, { status, progress, message, result, started_at, completed_at });
      return;
    }
    case "task.completed":
      return endTask(
        world,
        event,
        { status: "completed", result: event.data.result, message: "The task is done." },
        undo,
      );
    case "task.failed":
      return endTask(
        world,
        event,
        { status: "failed", result: event.data.result, message: event.data.error.message },
        undo,
      );
    case "task.cancelled": {
      const record = world.tasks.get(event.data.task_id);
      if (record === undefined) return;
      const message = cancelMessage(event.data.reason);
      const result = resultOf(world, record.task, { code: "cancelled", message }, event.timestamp);
      return endTask(world, event, { status: "cancelled", result, message }, undo);
    }
    case "task.question": {
      const { task_id, agent_id, question } = event.data;
      const record = world.tasks.get(task_id);
      if (record === undefined) return;
      setTask(world, record, { ...record.task, question }, undo);
      const resumes = world.agents.get(agent_id)?.state ?? null;
      return ask(world, task_id, { resumes }, undo);
    }
    case "task.answered": {
      const { task_id, question_id, choice, text, by } = event.data;
      const record = world.tasks.get(task_id);
      if (record === undefined) return;
      setTask(world, record, { ...record.task, question: null }, undo);
      const before = world.asked.get(task_id)?.answers ?? [];
      const answer = Object.freeze({ question_id, choice, text, by });
      const answers = Object.freeze([...before.slice(1 - TASK_ANSWERS_MAX), answer]);
      return ask(world, task_id, { resumes: null, answers }, undo);
    }
    case "task.reviewed": {
      const { task_id, changes } = event.data;
      const record = world.tasks.get(task_id);
      if (record === undefined) return;
      const result = record.task.result && Object.freeze({ ...record.task.result, changes });
      return setTask(world, record, { ...record.task, changes, result }, undo);
    }
    case "team.completed":
      return remove(world.teams, event.data.team_id, undo);
    case "scene.updated": {
      const scene = world.scenes.get(event.data.game_id)?.get(event.data.scene_id);
      if (scene === undefined) return;
      const { revision } = scene;
      undo?.push(() => (scene.revision = revision));
      scene.revision = event.data.revision;
      return;
    }
    case "worker.joined": {
      const { worker } = event.data;
      const record = { worker, ordinal: event.seq, owner: "", seen_at: 0, expires_at: 0 };
      return put(world.workers, worker.worker_id, Object.freeze(record), undo);
    }
    case "worker.left":
      return remove(world.workers, event.data.worker_id, undo);
    case "session.expiring":
    // It tells of what is coming and changes nothing.
  }
}

function applyFact(world: World, fact: Fact, undo?: Undo): void {
  switch (fact.type) {
    case "type.added":
      return put(world.types, fact.agent_type.type, fact.agent_type, undo);
    case "agent.numbered": {
      const record = world.agents.get(fact.agent_id);
      if (record === undefined) return;
      undo?.push(record.undo());
      record.numberedBy(fact.client);
      return;
    }
    case "output.written": {
      const { task_id } = fact;
      const known = world.outputs.get(task_id);
      undo?.push(known === undefined ? () => world.outputs.delete(task_id) : known.undo());
      const buffer = known ?? new OutputBuffer();
      if (known === undefined) world.outputs.set(task_id, buffer);
      buffer.write(fact.stream, fact.text);
      return;
    }
    case "work.chosen": {
      const record = world.tasks.get(fact.task_id);
      return record && setTask(world, record, { ...record.task, work: fact.work }, undo);
    }
    case "attempt.begun":
      return changeTask(world, fact.task_id, { attempt: fact.attempt }, undo);
    case "task.preferred": {
      const record = world.tasks.get(fact.task_id);
      if (record === undefined) return;
      const { preferred } = record;
      undo?.push(() => (record.preferred = preferred));
      record.preferred = fact.agent_type;
      return;
    }
    case "worker.seen": {
      const record = world.workers.get(fact.worker_id);
      if (record === undefined) return;
      const { owner, at: seen_at, expires_at } = fact;
      return put(
        world.workers,
        fact.worker_id,
        Object.freeze({ ...record, owner, seen_at, expires_at }),
        undo,
      );
    }
    case "lease.begun": {
      const { task_id, worker_id, at: given_at, turn } = fact;
      const { worker, owner = "" } = world.workers.get(worker_id) ?? {};
      const reviewer = worker?.reviews === true ? { reviewer: { name: worker.name, owner } } : {};
      put(
        world.leases,
        task_id,
        Object.freeze({ worker_id, given_at, number: 0, asked: [], ...reviewer }),
        undo,
      );
      return put(world.turns, gameKey(world.tasks.get(task_id)?.task.game_id ?? null), turn, undo);
    }
    case "agent.observed": {
      const { type: _type, agent_id, ...seen } = fact;
      return put(world.observed, agent_id, Object.freeze(seen), undo);
    }
    case "lease.reported": {
      const { task_id, number, asked } = fact;
      const lease = world.leases.get(task_id);
      return lease && put(world.leases, task_id, Object.freeze({ ...lease, number, asked }), undo);
    }
    case "work.kept":
      return put(
        world.work,
        fact.task_id,
        Object.freeze({ ...world.work.get(fact.task_id), ...fact.kept }),
        undo,
      );
    case "state.deferred":
      return ask(world, fact.task_id, { resumes: fact.state }, undo);
    case "usage.counted":
      return changeTask(world, fact.task_id, { usage: fact.usage }, undo);
    case "changes.made":
      return changeTask(world, fact.task_id, { changes: fact.changes }, undo);
    case "diff.kept":
      return put(world.diffs, fact.task_id, fact.text, undo);
    case "review.asked": {
      const { task_id, review_id, verdict, message, worker_id } = fact;
      return put(world.reviews, task_id, Object.freeze({ review_id, verdict, message, worker_id }), undo);
    }
    case "review.over":
      return remove(world.reviews, fact.task_id, undo);
    case "child.named": {
      const { task_id, child, agent_id } = fact;
      return put(world.children, task_id, new Map(world.children.get(task_id)).set(child, agent_id), undo);
    }
    case "child.left": {
      const left = new Map(world.children.get(fact.task_id));
      left.delete(fact.child);
      return left.size === 0
        ? remove(world.children, fact.task_id, undo)
        : put(world.children, fact.task_id, left, undo);
    }
    case "session.touched": {
      const session = world.sessions.get(fact.session_id);
      if (session === undefined) return;
      const { expires_at } = session;
      undo?.push(() => (session.expires_at = expires_at));
      session.expires_at = fact.expires_at;
      return;
    }
    case "session.opened": {
      const { session_id, game_id, expires_at, token_hash } = fact;
      const tokens = token_hash === undefined ? [] : [token_hash];
      return put(world.sessions, session_id, { session_id, game_id, expires_at, tokens }, undo);
    }
    case "token.issued": {
      const session = world.sessions.get(fact.session_id);
      if (session === undefined) return;
      const { tokens } = session;
      undo?.push(() => (session.tokens = tokens));
      session.tokens = [...tokens.slice(1 - SESSION_TOKENS_KEPT), fact.token_hash];
      return;
    }
    case "answer.kept":
      return keepAnswer(world, fact, undo);
    case "answer.forgotten": {
      const { owner, key } = fact;
      const kept = world.answers.get(owner);
      if (kept === undefined) return;
      remove(kept, key, undo);
      if (kept.size === 0) remove(world.answers, owner, undo);
      return;
    }
    case "analytics.reported":
      return;
    case "session.closed":
      return remove(world.sessions, fact.session_id, undo);
    case "game.known": {
      const { game_id, about } = fact;
      const game = world.games.get(game_id);
      if (game) {
        const before = game.about;
        undo?.push(() => (game.about = before));
        game.about = about;
        return;
      }
      return put(world.games, game_id, { game_id, ordinal: nextOrdinal(world, "game", undo), about }, undo);
    }
    case "game.forgotten":
      remove(world.games, fact.game_id, undo);
      remove(world.turns, fact.game_id, undo);
      remove(world.answers, ownerOfGame(fact.game_id), undo);
      return remove(world.scenes, fact.game_id, undo);
    case "scene.kept":
      return keepScene(world, fact, undo);
    case "team.formed": {
      const { team_id, task_ids } = fact;
      return put(world.teams, team_id, { team_id, task_ids, open: task_ids.length, succeeded: 0 }, undo);
    }
    case "task.forgotten": {
      const { task_id } = fact;
      const record = world.tasks.get(task_id);
      if (record === undefined) return;
      if (world.ended.has(task_id)) undo?.push(() => world.ended.add(task_id));
      world.tasksByStatus.remove(record.task.status);
      remove(world.tasks, task_id, undo);
      remove(world.outputs, task_id, undo);
      remove(world.leases, task_id, undo);
      remove(world.asked, task_id, undo);
      remove(world.diffs, task_id, undo);
      remove(world.reviews, task_id, undo);
      world.ended.delete(task_id);
      return;
    }
    case "job.planned": {
      const { kind, id, due } = fact;
      const { agenda } = world;
      const { order } = agenda;
      const before = agenda.get(kind, id);
      undo?.push(() => {
        agenda.drop(kind, id);
        agenda.restore(order, before === undefined ? [] : [before]);
      });
      agenda.plan(kind, id, due);
      return;
    }
    case "job.dropped": {
      const { agenda } = world;
      const job = agenda.get(fact.kind, fact.id);
      if (job) undo?.push(() => agenda.restore(agenda.order, [job]));
      agenda.drop(fact.kind, fact.id);
      return;
    }
    case "ids.given":
      return put(world.given, fact.kind, fact.count, undo);
  }
}

/** Puts a value into a map, in the place of the one before. */
function put<V>(map: Map<string, V>, key: string, value: V, undo?: Undo): void {
  const before = map.get(key);
  undo?.push(() => (before === undefined ? map.delete(key) : map.set(key, before)));
  map.set(key, value);
}

function remove<V>(map: Map<string, V>, key: string, undo?: Undo): void {
  const before = map.get(key);
  if (before === undefined) return;
  undo?.push(() => map.set(key, before));
  map.delete(key);
}

/** The place of a new thing in the order of those of its kind. */
function nextOrdinal(world: World, kind: keyof World["ordinals"], undo?: Undo): number {
  const ordinal = world.ordinals[kind];
  undo?.push(() => (world.ordinals[kind] = ordinal));
  world.ordinals[kind] = ordinal + 1;
  return ordinal;
}

function keepAnswer(
  world: World,
  { owner, key, fingerprint, answer, bytes, until }: Extract<Fact, { type: "answer.kept" }>,
  undo?: Undo,
): void {
  const ordinal = world.kept;
  const known = world.answers.get(owner);
  const kept = known ?? new Map<string, KeptAnswer>();
  if (known === undefined) put(world.answers, owner, kept, undo);
  else {
    world.answers.delete(owner);
    world.answers.set(owner, known);
  }
  undo?.push(() => {
    world.kept = ordinal;
  });
  world.kept = ordinal + 1;
  put(kept, key, { fingerprint, answer, bytes, until, ordinal }, undo);
}

function keepScene(
  world: World,
  { scene_id, body }: Extract<Fact, { type: "scene.kept" }>,
  undo?: Undo,
): void {
  const known = world.scenes.get(body.game_id);
  const scenes = known ?? new Map<string, SceneRecord>();
  if (known === undefined) put(world.scenes, body.game_id, scenes, undo);
  const scene = scenes.get(scene_id);
  if (scene === undefined) return put(scenes, scene_id, { scene_id, body, revision: 0 }, undo);
  const before = scene.body;
  undo?.push(() => (scene.body = before));
  scene.body = body;
}

function addAgent(world: World, agent: Agent, undo?: Undo): void {
  const ordinal = nextOrdinal(world, "agent", undo);
  put(world.agents, agent.id, new AgentRecord({ agent: Object.freeze(agent), ordinal, sequences: [] }), undo);
  world.agentsByState.add(agent.state);
  put(world.made, agent.type, (world.made.get(agent.type) ?? 0) + 1, undo);
}

function putTask(world: World, task: Task, undo?: Undo): void {
  const record = world.tasks.get(task.id);
  if (record) {
    // What an attempt of before has left ends with it.
    remove(world.leases, task.id, undo);
    remove(world.work, task.id, undo);
    // The event does not say who works, which is as it was until it is told to be another.
    return setTask(world, record, { ...task, work: record.task.work }, undo);
  }
  const ordinal = nextOrdinal(world, "task", undo);
  put(world.tasks, task.id, { task: Object.freeze(task), ordinal, ended: 0 }, undo);
  world.tasksByStatus.add(task.status);
}

function changeTask(
  world: World,
  taskId: string,
  change: Partial<Pick<Task, "usage" | "changes" | "attempt">>,
  undo?: Undo,
): void {
  const record = world.tasks.get(taskId);
  if (record) setTask(world, record, { ...record.task, ...change }, undo);
}

/** Notes what is asked now, and what became of what was asked before. */
function ask(world: World, taskId: string, change: Partial<AskedRecord>, undo?: Undo): void {
  const before = world.asked.get(taskId) ?? { resumes: null, answers: [] };
  put(world.asked, taskId, Object.freeze({ ...before, ...change }), undo);
}

function setTask(world: World, record: TaskRecord, task: Task, undo?: Undo): void {
  const before = record.task;
  undo?.push(() => (record.task = before));
  world.tasksByStatus.remove(before.status);
  world.tasksByStatus.add(task.status);
  record.task = Object.freeze(task);
}

/** How a task ended. */
interface TaskEnd {
  readonly status: TaskEnding;
  readonly result: TaskResult;
  readonly message: string;
}

type EndEvent = EventOf<"task.completed" | "task.failed" | "task.cancelled">;

function endTask(
  world: World,
  { data, seq }: EndEvent,
  { status, result, message }: TaskEnd,
  undo?: Undo,
): void {
  const { task_id: taskId } = data;
  const record = world.tasks.get(taskId);
  if (record === undefined) return;
  const { task } = record;
  const team = task.team_id === null ? undefined : world.teams.get(task.team_id);
  const endings = world.endings[status];
  const { open = 0, succeeded = 0 } = team ?? {};
  undo?.push(() => {
    record.ended = 0;
    world.ended.delete(taskId);
    world.endings[status] = endings;
    if (team) Object.assign(team, { open, succeeded });
  });
  const progress = status === "completed" ? 1 : task.progress;
  const { started_at } = task;
  const { completed_at } = result;
  setTask(
    world,
    record,
    taskWith(task, { status, progress, message, result, started_at, completed_at, question: null }),
    undo,
  );
  if (task.question !== null) ask(world, taskId, { resumes: null }, undo);
  record.ended = seq;
  world.ended.add(taskId);
  remove(world.work, taskId, undo);
  world.endings[status] += 1;
  if (team === undefined) return;
  team.open -= 1;
  if (status === "completed") team.succeeded += 1;
}
