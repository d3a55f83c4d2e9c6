import { expect } from "vitest";
import { SCENE_POINTS_MAX } from "../../../src/contract/index.js";
import { badMetadata } from "./case.js";
import type { CasesOf } from "./case.js";

const corner = { x: 0, y: 0, z: 0 };

/** The routes about games, their sessions and scenes. */
export const gameCases: CasesOf<
  "gameConnect" | "gameHeartbeat" | "gameDisconnect" | "sceneUpdate" | "gameAgents"
> = {
  gameConnect: {
    sample: async () => ({
      path: "/game/connect",
      body: {
        game_name: "Jumper",
        engine: "phaser",
        engine_version: "3",
        sdk_version: "0.1.0",
        metadata: {},
      },
    }),
    badBodies: {
      "a blank name": [{ game_name: "" }, ["body", "game_name"]],
      "an id with a slash": [{ game_id: "a/b" }, ["body", "game_id"]],
      "an id too long": [{ game_id: "g".repeat(65) }, ["body", "game_id"]],
      "a list": [[], ["body"]],
      ...badMetadata((metadata) => ({ metadata })),
      "a word for whether it is kept": [{ keep: "yes" }, ["body", "keep"]],
      "an unknown field": [{ name: "Jumper" }, ["body", "name"]],
    },
    errors: {
      storage_full: {
        options: { limits: { game_bytes: 100 } },
        run: async (world) => {
          await world.fails("storage_full", "POST", "/game/connect");
        },
      },
    },
    behaviours: {
      "opens a session whose token works": async (world) => {
        const connected = await world.ok("POST", "/game/connect", {
          body: { game_name: "Jumper", game_id: "jumper" },
        });
        expect(connected).toMatchObject({
          game_id: "jumper",
          expires_at: "2026-01-01T01:00:00.000Z",
          heartbeat_seconds: 60,
          websocket_url: `${world.endpoint.replace(/^http/, "ws")}/ws`,
          limits: { max_agents: 20, rate_limit_per_minute: 5_000 },
        });
        await world.ok("GET", "/agents", { as: { token: connected.session_token } });
      },
      "has the game kept when its session ends, where that is asked for": async (world) => {
        const { game_id, session_token } = await world.ok("POST", "/game/connect", { body: { keep: true } });
        const as = { token: session_token };
        const agent = await world.agent({}, as);
        await world.ok("POST", "/game/disconnect", { as });
        await world.advance(3_600_000);
        expect((await world.ok("GET", `/game/agents/${game_id}`)).agents).toMatchObject([{ id: agent }]);
      },
      "finds a game that was left for less than its grace as it was": async (world) => {
        const { as, game_id } = await world.game();
        const agent = await world.agent({}, as);
        await world.ok("POST", "/game/disconnect", { as });
        await world.advance(29_000);
        const again = await world.game(game_id);
        await world.advance(60_000);
        expect((await world.ok("GET", `/game/agents/${game_id}`, { as: again.as })).agents).toMatchObject([
          { id: agent },
        ]);
      },
      "needs no body": async (world) => {
        expect((await world.ok("POST", "/game/connect")).game_id).toMatch(/^game_/);
      },
      "gives each session a token of its own": async (world) => {
        const [one, other] = [await world.game("same"), await world.game("same")];
        expect(one.as.token).not.toBe(other.as.token);
      },
      "fails without a word of what broke inside": {
        options: {
          parts: {
            tokens: () => {
              throw new Error("the inner secret");
            },
          },
        },
        run: async (world) => {
          const failed = await world.fails("internal", "POST", "/game/connect");
          expect(JSON.stringify(failed)).not.toContain("secret");
          expect((await world.ok("GET", "/system/status")).status.error_rate).toBe(1);
        },
      },
    },
  },
  gameHeartbeat: {
    sample: async (world) => ({ path: "/game/heartbeat", as: (await world.game()).as }),
    errors: {},
    behaviours: {
      "moves the end of the session": async (world) => {
        const { as } = await world.game();
        await world.advance(60_000);
        const { expires_at } = await world.ok("POST", "/game/heartbeat", { as });
        expect(expires_at).toBe("2026-01-01T01:01:00.000Z");
      },
      "is done by any call with the session's token": async (world) => {
        const { as } = await world.game();
        for (let hour = 0; hour < 3; hour += 1) {
          await world.advance(3_599_000);
          await world.ok("GET", "/agents", { as });
        }
      },
      "comes too late when the session is over": async (world) => {
        const { as } = await world.game();
        await world.advance(3_600_000);
        await world.fails("session_expired", "POST", "/game/heartbeat", { as });
      },
    },
  },
  gameDisconnect: {
    sample: async (world) => ({ path: "/game/disconnect", as: (await world.game()).as }),
    errors: {},
    behaviours: {
      "ends the session and not the game's other one": async (world) => {
        const [one, other] = [await world.game("same"), await world.game("same")];
        await world.ok("POST", "/game/disconnect", { as: one.as, body: {} });
        await world.fails("session_expired", "GET", "/agents", { as: one.as });
        await world.fails("session_expired", "POST", "/game/disconnect", { as: one.as });
        await world.ok("GET", "/agents", { as: other.as });
      },
      "lets the game go 30 s later, with its agents, its open tasks and the keys of its calls": async (
        world,
      ) => {
        const { as, game_id } = await world.game("left");
        const create = { as, body: { agent_type: "aider" }, headers: { "Idempotency-Key": "first" } };
        const { agent_id } = await world.ok("POST", "/agents/create", create);
        await world.ok("POST", "/game/disconnect", { as });
        await world.advance(29_000);
        const task = await world.task({ agent_id });
        await world.advance(1_000);
        expect(await world.ok("GET", "/agents")).toEqual([]);
        await world.fails("game_not_found", "GET", `/game/agents/${game_id}`);
        expect(await world.ok("GET", `/tasks/${task}/status`)).toMatchObject({
          status: "cancelled",
          message: expect.stringContaining("The game was left."),
        });
        const again = await world.game("left");
        const made = await world.ok("POST", "/agents/create", { ...create, as: again.as });
        expect(made.agent_id).not.toBe(agent_id);
      },
    },
  },
  sceneUpdate: {
    sample: async (world) => ({
      path: "/game/scene/hall",
      body: {
        game_id: (await world.game()).game_id,
        name: "The hall",
        bounds: { min: corner, max: { x: 10, y: 3, z: 10 } },
        spawn_points: [corner],
        workspaces: [{ id: "desk-1", position: corner }],
        metadata: { floor: "wood" },
      },
    }),
    badBodies: {
      "no game": [{}, ["body", "game_id"]],
      "a workspace without an id": [
        { game_id: "g", workspaces: [{ position: corner }] },
        ["body", "workspaces", 0, "id"],
      ],
      ...badMetadata((metadata) => ({ game_id: "g", metadata })),
      "too many spawn points": [
        { game_id: "g", spawn_points: Array.from({ length: SCENE_POINTS_MAX + 1 }, () => corner) },
        ["body", "spawn_points"],
      ],
      "bounds with one end": [{ game_id: "g", bounds: { min: corner } }, ["body", "bounds", "max"]],
      "an unknown field": [{ game_id: "g", scene_id: "hall" }, ["body", "scene_id"]],
    },
    errors: {
      game_not_found: async (world) => {
        const game = await world.game();
        const other = await world.game();
        await world.fails("game_not_found", "PUT", "/game/scene/hall", {
          body: { game_id: other.game_id },
          as: game.as,
        });
        await world.fails("game_not_found", "PUT", "/game/scene/hall", { body: { game_id: "nobodys" } });
      },
      storage_full: {
        options: { limits: { game_bytes: 10_000 } },
        run: async (world) => {
          const { game_id, as } = await world.game();
          const body = { game_id, spawn_points: Array.from({ length: SCENE_POINTS_MAX }, () => corner) };
          await world.fails("storage_full", "PUT", "/game/scene/hall", { body, as });
          await world.ok("PUT", "/game/scene/hall", { body: { game_id }, as });
        },
      },
    },
    behaviours: {
      "counts the scene's revisions, for each game by itself": async (world) => {
        const [one, other] = [await world.game(), await world.game()];
        const put = async ({ game_id, as }: typeof one) =>
          (await world.ok("PUT", "/game/scene/hall", { body: { game_id }, as })).revision;
        expect([await put(one), await put(one), await put(other)]).toEqual([1, 2, 1]);
        expect(world.events().filter(({ type }) => type === "scene.updated")).toHaveLength(3);
      },
    },
  },
  gameAgents: {
    sample: async (world) => ({ path: `/game/agents/${(await world.game()).game_id}` }),
    errors: {
      game_not_found: async (world) => {
        const { as } = await world.game();
        const other = await world.game();
        await world.fails("game_not_found", "GET", `/game/agents/${other.game_id}`, { as });
        await world.fails("game_not_found", "GET", "/game/agents/nobodys");
      },
    },
    behaviours: {
      "says where in the event stream it was taken": async (world) => {
        const { game_id, as } = await world.game();
        const mine = await world.agent({}, as);
        await world.agent();
        const last = world.events().at(-1);
        expect(await world.ok("GET", `/game/agents/${game_id}`, { as })).toMatchObject({
          game_id,
          agents: [{ id: mine }],
          cursor: { epoch: last?.epoch, seq: last?.seq },
        });
      },
    },
  },
};
