import { SNAPSHOT_VERSION } from "../../src/contract/version.js";
import type { Work } from "../work/work.js";
import { AgentRecord } from "./agent-record.js";
import { taskWorkedBy } from "./copies.js";
import type { Core } from "./core.js";
import type { EventLog } from "./engine.js";
import { deepFreeze } from "./frozen.js";
import { jsonCopy } from "./json-copy.js";
import { OutputBuffer } from "./output-buffer.js";
import { recallWork } from "./recall-work.js";
import { SNAPSHOT_FORMAT, type EngineSnapshot, type WorldSnapshot } from "./snapshot-schema.js";
import { emptyWorld, type SceneRecord, type World } from "./world.js";

/** The whole of an engine as JSON. */
export function takeSnapshot(core: Core, log: EventLog): EngineSnapshot {
  const { order, jobs } = core.agenda.jobs();
  const ids = core.ids.state();
  return {
    format: SNAPSHOT_FORMAT,
    version: SNAPSHOT_VERSION,
    epoch: log.epoch,
    seq: log.seq,
    saved_at: core.ledger.timestamp,
    random: core.random.state(),
    ids: { seed: ids.seed, counts: { ...ids.counts } },
    agenda: { order, jobs: jobs.map((job) => ({ ...job })) },
    world: saveWorld(core.world),
  };
}

/** The state alone as JSON. */
export function saveWorld(world: World): WorldSnapshot {
  return {
    types: [...world.types.values()],
    agents: Array.from(world.agents.values(), (record) => record.saved()),
    tasks: Array.from(world.tasks.values(), (record) => ({ ...record })),
    outputs: Array.from(world.outputs, ([task_id, buffer]) => ({
      task_id,
      full: buffer.full,
      lines: buffer.lines.map(({ stream, text }) => ({ stream, text })),
    })),
    teams: Array.from(world.teams.values(), (team) => ({ ...team, task_ids: [...team.task_ids] })),
    games: Array.from(world.games.values(), (game) => ({ ...game })),
    sessions: Array.from(world.sessions.values(), (session) => ({ ...session })),
    scenes: Array.from(world.scenes.values(), (scenes) => [...scenes.values()])
      .flat()
      .map((scene) => ({ ...scene })),
    ended: [...world.ended],
    ordinals: { ...world.ordinals },
    made: Object.fromEntries(world.made),
    endings: { ...world.endings },
    work: Array.from(world.work, ([task_id, kept]) => ({ task_id, kept: jsonCopy({ ...kept }) })),
  };
}

/**
 * The state of a snapshot, with what workers kept as they read it.
 *
 * @throws EngineError `invalid_request` where a worker cannot go on from it.
 */
export function loadWorld(snapshot: EngineSnapshot, work: Work): World {
  const saved = snapshot.world;
  const world = emptyWorld();
  deepFreeze([saved.types, saved.agents, saved.tasks, saved.games, saved.scenes]);
  for (const type of saved.types) world.types.set(type.type, type);
  for (const record of saved.agents) {
    world.agents.set(record.agent.id, new AgentRecord(record));
    world.agentsByState.add(record.agent.state);
  }
  for (const { task, ordinal } of saved.tasks) {
    // Before there was a choice of who works, all work was simulated, and no task said so.
    const told = task.work === undefined ? taskWorkedBy(task, "simulated") : task;
    world.tasks.set(task.id, { task: told, ordinal });
    world.tasksByStatus.add(task.status);
  }
  for (const { task_id, lines, full } of saved.outputs) {
    const buffer = new OutputBuffer();
    buffer.restore(lines, full);
    world.outputs.set(task_id, buffer);
  }
  for (const team of saved.teams) world.teams.set(team.team_id, { ...team });
  for (const game of saved.games) world.games.set(game.game_id, { ...game });
  for (const session of saved.sessions) world.sessions.set(session.session_id, { ...session });
  for (const scene of saved.scenes) {
    const scenes = world.scenes.get(scene.body.game_id) ?? new Map<string, SceneRecord>();
    world.scenes.set(scene.body.game_id, scenes.set(scene.scene_id, { ...scene }));
  }
  for (const taskId of saved.ended) world.ended.add(taskId);
  Object.assign(world.ordinals, saved.ordinals);
  for (const [type, count] of Object.entries(saved.made)) world.made.set(type, count);
  Object.assign(world.endings, saved.endings);
  for (const [taskId, kept] of recallWork(snapshot, work)) world.work.set(taskId, kept);
  return world;
}
