import fc from "fast-check";
import { expect } from "vitest";
import { DEFAULT_LIMITS, type Limits } from "../../src/contract/index.js";
import { EngineError } from "../../mock-server/domain/index.js";
import { all, ofGame, rig, teamWork, work, type Rig, type RigOptions } from "./support.js";

const TYPES = ["aider", "opencode", "claude", "custom"];
export const GAMES = ["red", "blue"];
const nth = fc.nat({ max: 5 });
const scope = fc.constantFrom(all, ofGame("red"), ofGame("blue"));
const type = fc.constantFrom(...TYPES);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const metadata = optional(fc.nat({ max: 2_000 }).map((length) => ({ note: "x".repeat(length) })));

const create = fc.record({
  do: fc.constant("create" as const),
  scope,
  type,
  sceneless: fc.boolean(),
  metadata,
});
const assign = fc.record({
  do: fc.constant("assign" as const),
  scope,
  agent: optional(nth),
  task_type: fc.constantFrom("general", "debugging", "teaching"),
  preferred: optional(type),
  priority: fc.nat({ max: 4 }),
  timeout: fc.constantFrom(1, 5, 600),
  metadata,
});
const advance = fc.record({
  do: fc.constant("advance" as const),
  ms: fc.oneof(fc.constantFrom(50, 1_000, 5_000), fc.integer({ min: 1, max: 15_000 })),
});

const command = fc.oneof(
  { arbitrary: create, weight: 4 },
  { arbitrary: assign, weight: 6 },
  { arbitrary: advance, weight: 4 },
  fc.record({ do: fc.constant("team" as const), scope, size: fc.integer({ min: 2, max: 3 }), type }),
  fc.record({ do: fc.constant("cancel" as const), scope, task: nth }),
  fc.record({
    do: fc.constant("move" as const),
    scope,
    agent: nth,
    x: nth,
    sequence: optional(nth),
    client: fc.integer({ min: 1, max: 10 }),
  }),
  fc.record({ do: fc.constant("remove" as const), scope, agent: nth }),
  fc.record({
    do: fc.constant("connect" as const),
    game: fc.constantFrom(...GAMES),
    keep: optional(fc.boolean()),
  }),
  fc.record({ do: fc.constant("disconnect" as const), session: nth }),
  fc.record({ do: fc.constant("touch" as const), session: nth }),
  fc.record({ do: fc.constant("keyed" as const), scope, key: nth, type, size: fc.constantFrom(10, 700) }),
  fc.record({ do: fc.constant("report" as const), game: fc.constantFrom(...GAMES, null), ms: nth }),
  fc.record({ do: fc.constant("token" as const), session: nth }),
  fc.record({ do: fc.constant("scene" as const), game: fc.constantFrom(...GAMES) }),
);
export type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

/** Limits that are met soon. */
export const limits = fc.record({
  max_agents: fc.integer({ min: 1, max: 9 }),
  min_idle_agents: fc.nat({ max: 2 }),
  auto_spawn: fc.boolean(),
  completed_task_ttl_seconds: fc.integer({ min: 5, max: 60 }),
  session_ttl_seconds: fc.integer({ min: 5, max: 60 }),
  leave_grace_seconds: fc.nat({ max: 30 }),
  event_buffer: fc.integer({ min: 1, max: 40 }),
  game_bytes: fc.constantFrom(DEFAULT_LIMITS.game_bytes, 20_000, 8_000),
});

/** Runs a command; what it names by number is looked up as it is then. Only errors of the contract are let pass. */
export function run({ engine, clock }: Rig, sessions: string[], given: Command): void {
  const agentAt = (place: number) => engine.agents.list(all, {}).items[place]?.id ?? "agent_none";
  const taskAt = (place: number) => engine.tasks.list(all, {}).items[place]?.id ?? "task_none";
  const sessionAt = (place: number) => sessions[place] ?? "session_none";
  try {
    switch (given.do) {
      case "create": {
        const scene_id = given.sceneless ? {} : { scene_id: "hall" };
        const own = given.metadata === undefined ? {} : { metadata: given.metadata };
        engine.agents.create(given.scope, { agent_type: given.type, ...scene_id, ...own });
        return;
      }
      case "assign": {
        const { task_type, priority, timeout } = given;
        const agent = given.agent === undefined ? {} : { agent_id: agentAt(given.agent) };
        const preferred = given.preferred === undefined ? {} : { preferred_type: given.preferred };
        const own = given.metadata === undefined ? {} : { metadata: given.metadata };
        const body = work({ task_type, priority, timeout, ...agent, ...preferred, ...own });
        engine.tasks.assign(given.scope, body);
        return;
      }
      case "team":
        engine.tasks.assignTeam(
          given.scope,
          teamWork({ team_size: given.size, preferred_types: [given.type] }),
        );
        return;
      case "cancel":
        engine.tasks.cancel(given.scope, taskAt(given.task), null);
        return;
      case "move": {
        const sequence = given.sequence === undefined ? {} : { sequence: given.sequence };
        const position = { x: given.x, y: 0, z: 0 };
        const update = { agent_id: agentAt(given.agent), position, ...sequence };
        engine.agents.move(given.scope, update, `client_${given.client}`);
        return;
      }
      case "remove":
        return engine.agents.remove(given.scope, agentAt(given.agent));
      case "connect": {
        const keep = given.keep === undefined ? {} : { keep: given.keep };
        sessions.push(
          engine.games.connect({ game_id: given.game, ...keep }, `hash_${sessions.length}`).session_id,
        );
        return;
      }
      case "keyed": {
        const owner = given.scope.kind === "game" ? `game:${given.scope.game_id}` : "key:1";
        engine.command(() => {
          if (engine.answers.find(owner, `k${given.key}`, given.type).kind !== "new") return;
          const { id } = engine.agents.create(given.scope, { agent_type: given.type });
          engine.answers.keep(owner, `k${given.key}`, given.type, { id, note: "x".repeat(given.size) });
        });
        return;
      }
      case "report": {
        const at = "2026-01-01T00:00:00.000Z";
        const call = { type: "call", at, call: "GET /agents", retries: 0, error: null } as const;
        return engine.analytics.report(given.game, [{ ...call, duration_ms: given.ms }]);
      }
      case "token": {
        const session = sessionAt(given.session);
        return engine.games.giveToken(session, `hash_of_one_more_token_of_${session}_${engine.log.seq}`);
      }
      case "disconnect":
        return engine.games.disconnect(sessionAt(given.session));
      case "touch":
        engine.games.touch(sessionAt(given.session));
        return;
      case "scene":
        engine.scenes.put(all, "hall", {
          game_id: given.game,
          workspaces: [{ id: "desk", position: { x: 1, y: 2, z: 3 } }],
        });
        return;
      case "advance":
        clock.advance(given.ms);
        engine.runDue();
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    expect(error.code).not.toBe("internal");
  }
}

/** Many commands of all kinds. */
export const commands = fc.array(command, { minLength: 1, maxLength: 60, size: "max" });

/** An engine with two games and a scene in each. */
export function prepared(
  seed: number,
  someLimits: Partial<Limits>,
  options: RigOptions = {},
): { tested: Rig; sessions: string[] } {
  const tested = rig({ seed, limits: someLimits, ...options });
  const sessions = GAMES.map((game_id) => tested.engine.games.connect({ game_id }).session_id);
  for (const game of GAMES) run(tested, sessions, { do: "scene", game });
  return { tested, sessions };
}

/** Making a failing example small is given up after this time, so that a failure is not a hang. */
export const patience = { interruptAfterTimeLimit: 60_000 };
