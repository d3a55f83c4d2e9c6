import type { AgentType, Limits } from "../../src/contract/index.js";
import type { AgentRecord } from "./agent-record.js";
import type { Core } from "./core.js";
import { EngineError, errorOf, invalidRequest, isRefusal, type Refusal } from "./errors.js";
import type { Scope } from "./types.js";
import { charactersOf } from "./utf8.js";
import type { SceneRecord, TaskRecord } from "./world.js";

/** Whether a caller may see what belongs to the game. */
export function sees(scope: Scope, gameId: string | null): boolean {
  return scope.kind === "all" || scope.game_id === gameId;
}

/** The agent; undefined when there is none that the caller may see. */
export function agentFor(core: Core, scope: Scope, agentId: string): AgentRecord | undefined {
  const record = core.world.agents.get(agentId);
  return record !== undefined && sees(scope, record.gameId) ? record : undefined;
}

/** That there is no such agent. */
export function noAgent(agentId: string): Refusal {
  return { code: "agent_not_found", message: `No agent has the id '${agentId}'.` };
}

/** The agent, or `agent_not_found` when there is none that the caller may see. */
export function findAgent(core: Core, scope: Scope, agentId: string): AgentRecord {
  const record = agentFor(core, scope, agentId);
  if (record === undefined) throw errorOf(noAgent(agentId));
  return record;
}

/** The task, or `task_not_found` when there is none that the caller may see. */
export function findTask(core: Core, scope: Scope, taskId: string): TaskRecord {
  const record = core.world.tasks.get(taskId);
  if (record === undefined || !sees(scope, record.task.game_id)) {
    throw new EngineError("task_not_found", `No task has the id '${taskId}'.`);
  }
  return record;
}

/** Throws `game_not_found` when the game is not known or not the caller's. */
export function requireGame(core: Core, scope: Scope, gameId: string): void {
  if (!core.world.games.has(gameId) || !sees(scope, gameId)) {
    throw new EngineError("game_not_found", `No game has the id '${gameId}'.`);
  }
}

/** The scene, or why there is none. What belongs to no game can be in no scene. */
export function sceneFor(core: Core, gameId: string | null, sceneId: string): SceneRecord | Refusal {
  const code = "scene_not_found";
  if (gameId === null) {
    return { code, message: `An agent of no game can be in no scene; '${sceneId}' cannot be its scene.` };
  }
  const message = `The game '${gameId}' has no scene with the id '${sceneId}'.`;
  return core.world.scenes.get(gameId)?.get(sceneId) ?? { code, message };
}

/** The scene, or `scene_not_found`. */
export function findScene(core: Core, gameId: string | null, sceneId: string): SceneRecord {
  const scene = sceneFor(core, gameId, sceneId);
  if (isRefusal(scene)) throw errorOf(scene);
  return scene;
}

/** All types of agent, those that were added last. */
export function typesOf(core: Core): AgentType[] {
  return [...core.types.values(), ...core.world.types.values()];
}

/** The type of agent, or `invalid_request` that says where the unknown name stands. */
export function findType(core: Core, type: string, loc: (string | number)[]): AgentType {
  const found = core.types.get(type) ?? core.world.types.get(type);
  if (found === undefined) {
    throw invalidRequest(
      loc,
      `must be one of ${typesOf(core)
        .map((known) => `'${known.type}'`)
        .join(", ")}`,
    );
  }
  return found;
}

/** Throws `invalid_request` when a prompt is longer than the limit. */
export function checkPrompt(limits: Limits, prompt: string): void {
  const maximum = limits.prompt_max_characters;
  if (prompt.length > maximum && charactersOf(prompt) > maximum) {
    throw invalidRequest(["body", "prompt"], `must be at most ${maximum} characters long`, "too_big");
  }
}

/** Sorts games, by their keys, in place: those of no game first, then by age; ones that nobody is in any more by their names. */
export function byAge({ world }: Core, keys: string[]): string[] {
  const age = (key: string): number => world.games.get(key)?.ordinal ?? -1;
  return keys.sort((a, b) => age(a) - age(b) || (a < b ? -1 : 1));
}
