import { ADDED_AGENT_TYPES_MAX } from "../../src/contract/index.js";
import type { Agent, PositionUpdate } from "../../src/contract/index.js";
import type { AgentRecord } from "./agent-record.js";
import type { Core } from "./core.js";
import type { Engine } from "./engine.js";
import { EngineError, errorOf, invalidRequest, isRefusal, type Refusal } from "./errors.js";
import { dismiss, endTask, giveWork } from "./flow.js";
import { frozenCopy } from "./frozen.js";
import { gameKey } from "./idle-pools.js";
import {
  agentFor,
  findAgent,
  findScene,
  findType,
  noAgent,
  requireGame,
  sceneFor,
  typesOf,
} from "./lookup.js";
import { addAgent, NOTHING, ORIGIN, roomFor } from "./new-agent.js";
import { pageOf } from "./page.js";
import { reserve } from "./byte-budget.js";
import type { MoveOutcome, MovesOutcome, Scope } from "./types.js";
import { sizeOfAgent, weightOfAgent } from "./weights.js";

/** The calls about agents. */
export function agentCalls(core: Core): Engine["agents"] {
  return {
    create(scope, body) {
      const type = findType(core, body.agent_type, ["body", "agent_type"]);
      const gameId = gameOfNew(core, scope, body.game_id);
      const scene = body.scene_id === undefined ? undefined : findScene(core, gameId, body.scene_id);
      if (roomFor(core, gameId) <= 0) throw agentLimitReached(core, gameId);
      const { name = type.name } = body;
      const metadata =
        body.metadata === undefined ? NOTHING : frozenCopy(body.metadata, ["body", "metadata"]);
      reserve(core, gameId, weightOfAgent({ ...type, name, metadata }));
      const spawnPoints = scene?.body.spawn_points ?? [];
      const spawnPoint = spawnPoints[core.world.ordinals.agent % spawnPoints.length];
      const record = addAgent(core, type, gameId, {
        position: Object.freeze({ ...(body.position ?? spawnPoint ?? ORIGIN) }),
        scene_id: body.scene_id ?? null,
        ...(body.name !== undefined && { name: body.name }),
        metadata,
      });
      giveWork(core, record);
      return record.agent;
    },

    get: (scope, agentId) => findAgent(core, scope, agentId).agent,

    list(scope, query) {
      if (query.game_id !== undefined) requireGame(core, scope, query.game_id);
      const gameId = query.game_id ?? (scope.kind === "game" ? scope.game_id : undefined);
      const records = gameId === undefined ? core.world.agents.values() : membersOf(core, gameId);
      const give = ({ agent }: AgentRecord): Agent | undefined => {
        if (query.type !== undefined && agent.type !== query.type) return undefined;
        if (query.state !== undefined && agent.state !== query.state) return undefined;
        return agent;
      };
      return pageOf(records, query, give, sizeOfAgent);
    },

    move(scope, update, client = "") {
      const moved = moveAgent(core, scope, update, client);
      if (isRefusal(moved)) throw errorOf(moved);
      return moved;
    },

    moveMany(scope, updates, client = "") {
      const outcome: MovesOutcome = { applied: [], outdated: [], failed: [] };
      for (const update of updates) {
        const { agent_id } = update;
        const moved = moveAgent(core, scope, update, client);
        if (isRefusal(moved)) outcome.failed.push({ agent_id, code: moved.code, message: moved.message });
        else if (moved.applied) outcome.applied.push(agent_id);
        else outcome.outdated.push({ agent_id, position: moved.position });
      }
      return outcome;
    },

    remove(scope, agentId) {
      removeAgent(core, findAgent(core, scope, agentId));
    },

    types: () => typesOf(core),

    addType(body) {
      const { types } = core.world;
      if (core.types.has(body.type) || types.has(body.type)) {
        throw new EngineError("agent_type_exists", `There is a type '${body.type}' already.`);
      }
      if (types.size >= ADDED_AGENT_TYPES_MAX) {
        throw invalidRequest(
          ["body", "type"],
          `is one too many: ${ADDED_AGENT_TYPES_MAX} types were added already`,
        );
      }
      const agent_type = frozenCopy(body, ["body"]);
      core.ledger.note({ type: "type.added", agent_type });
      return agent_type;
    },

    positionOf: (agentId) => core.world.agents.get(agentId)?.position,

    movedSince(scope, seq) {
      const records = scope.kind === "all" ? core.world.agents.values() : membersOf(core, scope.game_id);
      const moved = [...records].filter((record) => record.movedSeq >= seq);
      moved.sort((a, b) => a.movedSeq - b.movedSeq);
      return moved.map((record) => record.lastMove(core.ledger.epoch));
    },
  };
}

function moveAgent(core: Core, scope: Scope, update: PositionUpdate, client: string): MoveOutcome | Refusal {
  const { agent_id, position, scene_id, sequence } = update;
  const record = agentFor(core, scope, agent_id);
  if (record === undefined) return noAgent(agent_id);
  const { gameId: game_id, scene_id: before } = record;
  if (scene_id !== undefined && scene_id !== before) {
    const scene = sceneFor(core, game_id, scene_id);
    if (isRefusal(scene)) return scene;
  }
  if (sequence !== undefined) {
    if (record.isOutdated(client, sequence)) return { agent_id, position: record.position, applied: false };
    if (record.client !== client) core.ledger.note({ type: "agent.numbered", agent_id, client });
  }
  const { x, y, z } = position;
  // A sum with zero is never minus zero, which JSON would tell as zero and a page as it is.
  const place = Object.freeze({ x: x + 0, y: y + 0, z: z + 0 });
  core.ledger.emit({
    type: "agent.moved",
    game_id,
    data: {
      agent_id,
      position: place,
      scene_id: scene_id === undefined ? before : scene_id,
      sequence: sequence ?? null,
    },
  });
  return { agent_id, position: place, applied: true };
}

/** The agents of a game, oldest first. */
export function membersOf(core: Core, gameId: string): Iterable<AgentRecord> {
  return core.indexes.agentsByGame.get(gameKey(gameId)) ?? [];
}

function agentLimitReached(core: Core, gameId: string | null): EngineError {
  const { max_agents } = core.limits;
  return new EngineError(
    "agent_limit_reached",
    gameId === null
      ? `There are ${max_agents} agents of no game already, as many as may be.`
      : `The game '${gameId}' has ${max_agents} agents already, as many as it may have.`,
  );
}

/** Cancels what the agent does and removes it; one that helps with another's work only leaves. */
export function removeAgent(core: Core, record: AgentRecord): void {
  const { agent } = record;
  const current = core.world.tasks.get(agent.current_task_id ?? "");
  if (current?.task.agent_id === agent.id)
    endTask(core, current, { kind: "cancelled", reason: `${agent.name} was removed.` }, true);
  dismiss(core, record);
}

function gameOfNew(core: Core, scope: Scope, gameId: string | undefined): string | null {
  if (gameId === undefined) return scope.kind === "game" ? scope.game_id : null;
  requireGame(core, scope, gameId);
  return gameId;
}
