import type { AgentType } from "../../src/contract/index.js";
import type { AgentRecord } from "./agent-record.js";
import type { Change } from "./changes.js";
import { gameKey } from "./idle-pools.js";
import type { OutputBuffer } from "./output-buffer.js";
import {
  weightOfAgent,
  weightOfData,
  weightOfScene,
  weightOfTask,
  weightOfText,
  weightOfWork,
} from "./weights.js";
import type { GameRecord, SceneRecord, TaskRecord, World } from "./world.js";

/** Something that is kept, and weighed as a whole. */
type Thing = AgentRecord | TaskRecord | OutputBuffer | SceneRecord | GameRecord | AgentType;

/** What one game holds. */
interface Held {
  bytes: number;
  /** Of these, what tasks that are over hold, with their outputs. */
  endedBytes: number;
  /** Its tasks that are over, in the order of their ends. */
  readonly ended: Set<string>;
}

/** What a thing was counted as. */
interface Counted {
  readonly key: string;
  readonly bytes: number;
  readonly ended: boolean;
}

/**
 * How much each game holds, in bytes as `weights.ts` counts them. It follows each change, and comes to the same when it is made anew
 * from the world alone. What belongs to no game is counted as if it were one's.
 */
export class Holdings {
  readonly #world: World;
  readonly #games = new Map<string, Held>();
  readonly #counted = new Map<Thing, Counted>();
  #total = 0;

  constructor(world: World) {
    this.#world = world;
    for (const type of world.types.values()) this.#countType(type.type);
    for (const gameId of world.games.keys()) this.#countGame(gameId);
    for (const [gameId, scenes] of world.scenes) {
      for (const sceneId of scenes.keys()) this.#countScene(gameId, sceneId);
    }
    for (const agentId of world.agents.keys()) this.#countAgent(agentId);
    for (const taskId of world.tasks.keys()) this.#countTask(taskId);
    // Those that are over were counted in the order of their making; what counts is the order of their ends.
    for (const held of this.#games.values()) held.ended.clear();
    for (const taskId of world.ended) this.#noteEnd(taskId);
  }

  /** Bytes that all games together hold. */
  get total(): number {
    return this.#total;
  }

  /** The games that hold something, those with the most first. */
  get largest(): string[] {
    const games = [...this.#games];
    // Of two that hold as much it is always the same one, however this was made.
    return games
      .sort(([a, { bytes }], [b, other]) => other.bytes - bytes || (a < b ? -1 : 1))
      .map(([key]) => key);
  }

  /** Bytes that a game holds. */
  of(key: string): number {
    return this.#games.get(key)?.bytes ?? 0;
  }

  /** Bytes of these that tasks hold which are over. */
  endedOf(key: string): number {
    return this.#games.get(key)?.endedBytes ?? 0;
  }

  /** A game's tasks that are over, in the order of their ends. */
  endedTasks(key: string): ReadonlySet<string> {
    return this.#games.get(key)?.ended ?? NONE;
  }

  /**
   * What each game may hold where all of them share so many bytes and one wants more: those that hold less leave the rest of their
   * parts to the others.
   */
  fairShare(bytes: number, key: string, more: number): number {
    const wanted = [...this.#games].filter(([other]) => other !== key).map(([, held]) => held.bytes);
    wanted.push(this.of(key) + more);
    wanted.sort((a, b) => a - b);
    let left = bytes;
    for (const [place, one] of wanted.entries()) {
      const share = left / (wanted.length - place);
      if (one >= share) return share;
      left -= one;
    }
    return Infinity;
  }

  /** Counts bytes that are kept for a game elsewhere, or are kept no more. */
  count(key: string, bytes: number): void {
    this.#add(key, bytes, 0);
  }

  /** To be called with each change before the world is changed: what it takes away is still there to be seen. */
  before(change: Change): void {
    const { agents, tasks, outputs, games, scenes } = this.#world;
    switch (change.type) {
      case "agent.removed":
        return this.#drop(agents.get(change.data.agent_id));
      case "task.forgotten": {
        const record = tasks.get(change.task_id);
        if (record) this.#held(gameKey(record.task.game_id)).ended.delete(change.task_id);
        this.#drop(outputs.get(change.task_id));
        return this.#drop(record);
      }
      case "game.forgotten":
        this.#drop(games.get(change.game_id));
        for (const scene of scenes.get(change.game_id)?.values() ?? []) this.#drop(scene);
        return;
      default:
    }
  }

  /** To be called with each change after the world is changed. */
  after(change: Change): void {
    switch (change.type) {
      case "type.added":
        return this.#countType(change.agent_type.type);
      case "game.known":
        return this.#countGame(change.game_id);
      case "scene.kept":
        return this.#countScene(change.body.game_id, change.scene_id);
      case "agent.created":
        return this.#countAgent(change.data.agent.id);
      case "task.assigned":
        return this.#countTask(change.data.task.id);
      case "task.started":
      case "task.question":
      case "task.answered":
      case "task.reviewed":
        return this.#countTask(change.data.task_id);
      case "usage.counted":
      case "changes.made":
      case "diff.kept":
        return this.#countTask(change.task_id);
      case "task.completed":
      case "task.failed":
      case "task.cancelled":
        this.#countTask(change.data.task_id);
        return this.#noteEnd(change.data.task_id);
      case "output.written":
        return this.#countOutput(change.task_id);
      default:
    }
  }

  #countType(name: string): void {
    const type = this.#world.types.get(name);
    if (type) this.#put(type, { key: "", bytes: weightOfText(type), ended: false });
  }

  #countGame(gameId: string): void {
    const game = this.#world.games.get(gameId);
    if (game) this.#put(game, { key: gameId, bytes: weightOfData(game.about), ended: false });
  }

  #countScene(gameId: string, sceneId: string): void {
    const scene = this.#world.scenes.get(gameId)?.get(sceneId);
    if (scene) this.#put(scene, { key: gameId, bytes: weightOfScene(scene.body), ended: false });
  }

  #countAgent(agentId: string): void {
    const record = this.#world.agents.get(agentId);
    if (record === undefined) return;
    this.#put(record, { key: gameKey(record.gameId), bytes: weightOfAgent(record.agent), ended: false });
  }

  #countTask(taskId: string): void {
    const record = this.#world.tasks.get(taskId);
    if (record === undefined) return;
    const { task } = record;
    const { asked, diffs } = this.#world;
    const bytes = weightOfTask(task) + weightOfWork(task, asked.get(taskId)?.answers, diffs.get(taskId));
    this.#put(record, { key: gameKey(task.game_id), bytes, ended: task.result !== null });
    // Its output goes with it, to another game too.
    this.#countOutput(taskId);
  }

  #countOutput(taskId: string): void {
    const output = this.#world.outputs.get(taskId);
    const task = this.#world.tasks.get(taskId)?.task;
    if (output === undefined || task === undefined) return;
    this.#put(output, { key: gameKey(task.game_id), bytes: output.weight, ended: task.result !== null });
  }

  #noteEnd(taskId: string): void {
    const task = this.#world.tasks.get(taskId)?.task;
    if (task) this.#held(gameKey(task.game_id)).ended.add(taskId);
  }

  #put(thing: Thing, counted: Counted): void {
    const before = this.#counted.get(thing);
    this.#counted.set(thing, counted);
    this.#add(counted.key, counted.bytes, counted.ended ? counted.bytes : 0);
    if (before) this.#add(before.key, -before.bytes, before.ended ? -before.bytes : 0);
  }

  #drop(thing: Thing | undefined): void {
    const counted = thing && this.#counted.get(thing);
    if (thing === undefined || counted === undefined) return;
    this.#counted.delete(thing);
    this.#add(counted.key, -counted.bytes, counted.ended ? -counted.bytes : 0);
  }

  #add(key: string, bytes: number, endedBytes: number): void {
    const held = this.#held(key);
    held.bytes += bytes;
    held.endedBytes += endedBytes;
    this.#total += bytes;
    if (held.bytes === 0) this.#games.delete(key);
  }

  #held(key: string): Held {
    let held = this.#games.get(key);
    if (held === undefined) this.#games.set(key, (held = { bytes: 0, endedBytes: 0, ended: new Set() }));
    return held;
  }
}

const NONE: ReadonlySet<string> = new Set();
