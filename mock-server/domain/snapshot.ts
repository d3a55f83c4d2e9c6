import { SNAPSHOT_VERSION } from "../../src/contract/version.js";
import type { Work } from "../work/work.js";
import type { JobKind } from "./agenda.js";
import { AgentRecord } from "./agent-record.js";
import { deepFreeze } from "./frozen.js";
import type { IdsState } from "./ids.js";
import { jsonCopy } from "./json-copy.js";
import { OutputBuffer } from "./output-buffer.js";
import { recallWork } from "./recall-work.js";
import { SNAPSHOT_FORMAT, type EngineSnapshot, type WorldSnapshot } from "./snapshot-schema.js";
import { timestampOf } from "./timestamps.js";
import { weightOfData } from "./weights.js";
import { emptyWorld, type KeptAnswer, type SceneRecord, type World } from "./world.js";

/** What of an engine is written down. */
export interface Saved {
  readonly world: World;
  readonly epoch: string;
  readonly seq: number;
  readonly rev: number;
  /** Milliseconds. */
  readonly at: number;
  readonly ids: IdsState;
  readonly random: number[];
}

/** The whole of an engine as JSON. */
export function takeSnapshot({ world, epoch, seq, rev, at, ids, random }: Saved): EngineSnapshot {
  const { order, jobs } = world.agenda.jobs();
  return {
    format: SNAPSHOT_FORMAT,
    version: SNAPSHOT_VERSION,
    epoch,
    seq,
    rev,
    saved_at: timestampOf(at),
    random,
    ids: { seed: ids.seed, counts: { ...ids.counts } },
    agenda: { order, jobs: jobs.map((job) => ({ ...job })) },
    analytics: jsonCopy(world.analytics.saved()),
    world: saveWorld(world),
  };
}

/** What waits for somebody else, who has no time while a snapshot lies. */
const PATIENT = new Set<JobKind>(["leave", "lease", "review"]);

/**
 * The world that {@link takeSnapshot} wrote down.
 *
 * @param work Whose workers read what they kept.
 * @param lay Milliseconds for which it lay: what a game that was left had of its grace it still has, a worker of its lease, and a review of its time.
 */
export function loadSnapshot(saved: EngineSnapshot, work: Work, lay = 0): World {
  const world = loadWorld(saved, work);
  const jobs = saved.agenda.jobs.map((job) => (PATIENT.has(job.kind) ? { ...job, due: job.due + lay } : job));
  for (const [id, worker] of world.workers)
    world.workers.set(id, Object.freeze({ ...worker, expires_at: worker.expires_at + lay }));
  if (saved.analytics) world.analytics.restore(saved.analytics);
  world.agenda.restore(saved.agenda.order, jobs);
  return world;
}

/** The state alone as JSON. */
export function saveWorld(world: World): WorldSnapshot {
  return {
    types: [...world.types.values()],
    agents: Array.from(world.agents.values(), (record) => record.saved()),
    tasks: Array.from(world.tasks.values(), ({ task, ordinal, preferred }) => ({
      task,
      ordinal,
      ...(preferred !== undefined && { preferred }),
    })),
    outputs: Array.from(world.outputs, ([task_id, buffer]) => ({
      task_id,
      full: buffer.full,
      lines: buffer.lines.map(({ stream, text }) => ({ stream, text })),
    })).sort(byTask),
    asked: Array.from(world.asked, ([task_id, { resumes, answers }]) => ({
      task_id,
      resumes,
      answers: answers.map((answer) => ({ ...answer })),
    })).sort(byTask),
    diffs: Array.from(world.diffs, ([task_id, text]) => ({ task_id, text })).sort(byTask),
    reviews: Array.from(world.reviews, ([task_id, review]) => ({ task_id, ...review })).sort(byTask),
    children: Array.from(world.children, ([task_id, children]) => ({
      task_id,
      agents: Array.from(children, ([child, agent_id]) => ({ child, agent_id })),
    })).sort(byTask),
    workers: Array.from(world.workers.values(), (record) => ({ ...record })),
    observed: Array.from(world.observed, ([agent_id, seen]) => ({ agent_id, ...seen })),
    leases: Array.from(world.leases, ([task_id, { asked, ...lease }]) => ({
      task_id,
      ...lease,
      asked: [...asked],
    })).sort(byTask),
    turns: Array.from(world.turns, ([game, turn]) => ({ game, turn })).sort(by("game")),
    teams: Array.from(world.teams.values(), (team) => ({ ...team, task_ids: [...team.task_ids] })).sort(
      by("team_id"),
    ),
    games: Array.from(world.games.values(), (game) => ({ ...game })),
    sessions: Array.from(world.sessions.values(), (session) => ({
      ...session,
      tokens: [...session.tokens],
    })).sort(by("session_id")),
    answers: Array.from(world.answers, ([owner, kept]) =>
      Array.from(kept, ([key, { fingerprint, answer, until }]) => ({
        owner,
        key,
        fingerprint,
        answer,
        until,
      })),
    ).flat(),
    scenes: Array.from(world.scenes.values(), (scenes) => [...scenes.values()])
      .flat()
      .map((scene) => ({ ...scene }))
      .sort((a, b) => order(a.body.game_id, b.body.game_id) || order(a.scene_id, b.scene_id)),
    ended: [...world.ended],
    ordinals: { ...world.ordinals },
    made: Object.fromEntries(world.made),
    endings: { ...world.endings },
    work: Array.from(world.work, ([task_id, kept]) => ({ task_id, kept: jsonCopy({ ...kept }) })).sort(
      byTask,
    ),
  };
}

/**
 * The state of a snapshot, with what workers kept as they read it.
 *
 * @throws EngineError `invalid_request` where a worker cannot go on from it.
 */
function loadWorld(snapshot: EngineSnapshot, work: Work): World {
  const saved = snapshot.world;
  const world = emptyWorld();
  deepFreeze([saved.types, saved.agents, saved.tasks, saved.games, saved.scenes, saved.asked, saved.workers]);
  for (const type of saved.types) world.types.set(type.type, type);
  for (const record of saved.agents) {
    world.agents.set(record.agent.id, new AgentRecord(record));
    world.agentsByState.add(record.agent.state);
  }
  for (const { task, ordinal, preferred } of saved.tasks) {
    // Before there was a choice of who works, all work was simulated, and no task said so.
    const told = Object.freeze({ ...task, work: task.work ?? "simulated" });
    world.tasks.set(task.id, { task: told, ordinal, ended: 0, preferred });
    world.tasksByStatus.add(task.status);
  }
  for (const { task_id, lines, full } of saved.outputs) {
    const buffer = new OutputBuffer();
    buffer.restore(lines, full);
    world.outputs.set(task_id, buffer);
  }
  for (const { task_id, ...asked } of saved.asked) world.asked.set(task_id, asked);
  for (const { task_id, text } of saved.diffs) world.diffs.set(task_id, text);
  for (const { task_id, ...review } of saved.reviews) world.reviews.set(task_id, Object.freeze(review));
  for (const { task_id, agents } of saved.children)
    world.children.set(task_id, new Map(agents.map(({ child, agent_id }) => [child, agent_id])));
  for (const record of saved.workers) world.workers.set(record.worker.worker_id, record);
  for (const { agent_id, ...seen } of saved.observed) world.observed.set(agent_id, Object.freeze(seen));
  for (const { task_id, ...lease } of saved.leases) world.leases.set(task_id, lease);
  for (const { game, turn } of saved.turns) world.turns.set(game, turn);
  for (const team of saved.teams) world.teams.set(team.team_id, { ...team });
  for (const game of saved.games) world.games.set(game.game_id, { ...game });
  for (const session of saved.sessions) world.sessions.set(session.session_id, { ...session });
  for (const { owner, key, ...kept } of saved.answers) {
    const own = world.answers.get(owner) ?? new Map<string, KeptAnswer>();
    const { answer } = kept;
    world.answers.set(
      owner,
      own.set(key, { ...kept, answer, bytes: weightOfData({ answer }), ordinal: world.kept++ }),
    );
  }
  for (const scene of saved.scenes) {
    const scenes = world.scenes.get(scene.body.game_id) ?? new Map<string, SceneRecord>();
    world.scenes.set(scene.body.game_id, scenes.set(scene.scene_id, { ...scene }));
  }
  for (const [place, taskId] of saved.ended.entries()) {
    world.ended.add(taskId);
    const record = world.tasks.get(taskId);
    // Later ends are numbered by their events, of which there were as many at the least.
    if (record) record.ended = place + 1 - saved.ended.length;
  }
  Object.assign(world.ordinals, saved.ordinals);
  for (const [type, count] of Object.entries(saved.made)) world.made.set(type, count);
  Object.assign(world.endings, saved.endings);
  for (const [taskId, kept] of recallWork(snapshot, work)) world.work.set(taskId, kept);
  return world;
}

// Of what has no order of its own the order says nothing, and must not differ by how it came about.

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function by<K extends string>(name: K): (a: Record<K, string>, b: Record<K, string>) => number {
  return (a, b) => order(a[name], b[name]);
}

const byTask = by("task_id");
