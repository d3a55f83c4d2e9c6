import { expect } from "vitest";
import {
  ADDED_AGENT_TYPES_MAX,
  BUILT_IN_AGENT_TYPES,
  CAPABILITIES_MAX,
  POSITION_UPDATES_MAX,
} from "../../../src/contract/index.js";
import { locations } from "../world.js";
import type { As } from "../world.js";
import { badMetadata } from "./case.js";
import type { CasesOf } from "./case.js";

const JSON_TYPE = { "Content-Type": "application/json" };
const place = { x: 1, y: -2.5, z: 100_000 };

const tester = {
  type: "tester",
  name: "Tester",
  description: "Plays until it breaks",
  color: "#AA1155",
  personality: {
    friendliness: 0.5,
    efficiency: 0.6,
    creativity: 0.7,
    talkativeness: 0.8,
    collaboration: 0.9,
  },
  capabilities: ["playtesting"],
};

const badPositions = (loc: readonly (string | number)[], put: (position: unknown) => unknown) =>
  ({
    "a coordinate too large": [put({ ...place, x: 100_001 }), [...loc, "x"]],
    "a coordinate that is null, as JSON writes NaN": [put({ ...place, y: null }), [...loc, "y"]],
    "a coordinate in words": [put({ ...place, z: "Infinity" }), [...loc, "z"]],
    "a coordinate missing": [put({ x: 1, y: 2 }), [...loc, "z"]],
    "a coordinate too many": [put({ ...place, w: 1 }), [...loc, "w"]],
    "a list for a position": [put([1, 2, 3]), loc],
  }) satisfies Record<string, readonly [unknown, readonly (string | number)[]]>;

/** The routes about agents. */
export const agentCases: CasesOf<
  | "agentTypes"
  | "agentTypeCreate"
  | "agentList"
  | "agentCreate"
  | "agentMoveMany"
  | "agentGet"
  | "agentMove"
  | "agentRemove"
> = {
  agentTypes: {
    sample: async () => ({ path: "/agents/types" }),
    errors: {},
    behaviours: {
      "lists the types that exist at the start": async (world) => {
        expect(await world.ok("GET", "/agents/types")).toEqual(BUILT_IN_AGENT_TYPES);
      },
    },
  },
  agentTypeCreate: {
    sample: async () => ({ path: "/agents/types", body: { ...tester } }),
    badBodies: {
      "no name of the type": [{ name: "Tester" }, ["body", "type"]],
      "no name for people": [{ type: "tester" }, ["body", "name"]],
      "a type in two words": [{ ...tester, type: "two words" }, ["body", "type"]],
      "a blank name": [{ ...tester, name: "  " }, ["body", "name"]],
      "a colour in words": [{ ...tester, color: "red" }, ["body", "color"]],
      "a trait missing": [
        { ...tester, personality: { friendliness: 1 } },
        ["body", "personality", "efficiency"],
      ],
      "a trait above 1": [
        { ...tester, personality: { ...tester.personality, creativity: 1.1 } },
        ["body", "personality", "creativity"],
      ],
      "a trait that nobody has": [
        { ...tester, personality: { ...tester.personality, luck: 1 } },
        ["body", "personality", "luck"],
      ],
      "a capability in two words": [
        { ...tester, capabilities: ["testing", "two words"] },
        ["body", "capabilities", 1],
      ],
      "too many capabilities": [
        { ...tester, capabilities: Array.from({ length: CAPABILITIES_MAX + 1 }, () => "testing") },
        ["body", "capabilities"],
      ],
      "an unknown field": [{ ...tester, colour: "#112233" }, ["body", "colour"]],
    },
    errors: {
      agent_type_exists: async (world) => {
        await world.ok("POST", "/agents/types", { body: tester });
        for (const type of ["tester", "aider"]) {
          const body = { ...tester, type, name: "Another" };
          await world.fails("agent_type_exists", "POST", "/agents/types", { body });
        }
        expect(await world.ok("GET", "/agents/types")).toEqual([...BUILT_IN_AGENT_TYPES, tester]);
      },
    },
    behaviours: {
      "adds a type that agents can be created as, in every game": async (world) => {
        const added = await world.ok("POST", "/agents/types", { body: tester });
        expect(added).toMatchObject({ success: true, agent_type: tester });
        const { as } = await world.game();
        expect(await world.ok("GET", "/agents/types", { as })).toEqual([...BUILT_IN_AGENT_TYPES, tester]);
        const { agent } = await world.ok("POST", "/agents/create", { body: { agent_type: "tester" }, as });
        expect(agent).toMatchObject({
          type: "tester",
          color: tester.color,
          description: tester.description,
          personality: tester.personality,
          capabilities: tester.capabilities,
        });
      },
      "makes what is left out as the type custom has it": async (world) => {
        const { agent_type } = await world.ok("POST", "/agents/types", {
          body: { type: "plain", name: "Plain" },
        });
        const [custom] = BUILT_IN_AGENT_TYPES.filter(({ type }) => type === "custom");
        expect(agent_type).toEqual({ ...custom, type: "plain", name: "Plain" });
      },
      "gives work of a kind to the type that was added for it": async (world) => {
        await world.ok("POST", "/agents/types", { body: tester });
        await world.agent();
        const expert = await world.agent({ agent_type: "tester" });
        const assigned = await world.ok("POST", "/tasks/assign", {
          body: { prompt: "Play level 3 to its end", task_type: "playtesting" },
        });
        expect(assigned).toMatchObject({ agent_id: expert });
      },
      "refuses one more than may be added": async (world) => {
        for (let count = 0; count < ADDED_AGENT_TYPES_MAX; count += 1) {
          await world.ok("POST", "/agents/types", { body: { ...tester, type: `tester_${count}` } });
        }
        const refused = await world.fails("invalid_request", "POST", "/agents/types", { body: tester });
        expect(locations(refused)).toEqual([["body", "type"]]);
      },
    },
  },
  agentList: {
    sample: async () => ({ path: "/agents?limit=10&type=aider&state=idle" }),
    errors: {
      game_not_found: async (world) => {
        const { as } = await world.game();
        const other = await world.game();
        await world.fails("game_not_found", "GET", `/agents?game_id=${other.game_id}`, { as });
      },
    },
    behaviours: {
      "pages through all of them, oldest first, each once": async (world) => {
        const made = [await world.agent(), await world.agent(), await world.agent()];
        const seen: string[] = [];
        let cursor: string | null = "";
        while (cursor !== null) {
          const from: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
          const page = await world.call("GET", `/agents?limit=2${from}`);
          expect(page.json.length).toBeLessThanOrEqual(2);
          seen.push(...page.json.map(({ id }: { id: string }) => id));
          cursor = page.headers.get("x-next-cursor");
        }
        expect(seen).toEqual(made);
      },
      "filters by type and state": async (world) => {
        await world.agent({ agent_type: "claude" });
        await world.agent({ agent_type: "aider" });
        await world.task();
        expect(await world.ok("GET", "/agents?type=claude")).toMatchObject([{ type: "claude" }]);
        expect(await world.ok("GET", "/agents?state=idle")).toHaveLength(1);
        expect(await world.ok("GET", "/agents?state=speaking&type=custom")).toEqual([]);
      },
      "shows a session its own game's agents alone": async (world) => {
        const game = await world.game();
        await world.agent();
        const mine = await world.agent({}, game.as);
        expect(await world.ok("GET", "/agents", { as: game.as })).toMatchObject([
          { id: mine, game_id: game.game_id },
        ]);
        expect(await world.ok("GET", "/agents")).toHaveLength(2);
      },
      "refuses numbers and cursors that are none": async (world) => {
        for (const query of [
          "limit=0",
          "limit=501",
          "limit=",
          "limit=0x10",
          "limit=1e2",
          "limit=ten",
          "limit=1.5",
        ]) {
          expect(locations(await world.fails("invalid_request", "GET", `/agents?${query}`))).toEqual([
            ["query", "limit"],
          ]);
        }
        expect(locations(await world.fails("invalid_request", "GET", "/agents?cursor=NO-CURSOR"))).toEqual([
          ["query", "cursor"],
        ]);
        expect(locations(await world.fails("invalid_request", "GET", "/agents?state=asleep"))).toEqual([
          ["query", "state"],
        ]);
      },
      "refuses a parameter that is given twice": async (world) => {
        const refused = await world.fails("invalid_request", "GET", "/agents?limit=1&limit=2");
        expect(locations(refused)).toEqual([["query", "limit"]]);
      },
    },
  },
  agentCreate: {
    sample: async () => ({
      path: "/agents/create",
      body: { agent_type: "aider", name: "Ada", position: place },
    }),
    badBodies: {
      "no type": [{}, ["body", "agent_type"]],
      "an unknown type": [{ agent_type: "wizard" }, ["body", "agent_type"]],
      "a number for a type": [{ agent_type: 7 }, ["body", "agent_type"]],
      "a blank name": [{ agent_type: "aider", name: " \n" }, ["body", "name"]],
      "a name too long": [{ agent_type: "aider", name: "n".repeat(81) }, ["body", "name"]],
      "an id with a slash": [{ agent_type: "aider", game_id: "a/b" }, ["body", "game_id"]],
      "a list for metadata": [{ agent_type: "aider", metadata: [] }, ["body", "metadata"]],
      ...badMetadata((metadata) => ({ agent_type: "aider", metadata })),
      "an unknown field": [{ agent_type: "aider", colour: "red" }, ["body", "colour"]],
      ...badPositions(["body", "position"], (position) => ({ agent_type: "aider", position })),
    },
    errors: {
      agent_limit_reached: {
        options: { limits: { max_agents: 2 } },
        run: async (world) => {
          await world.agent();
          await world.agent();
          await world.fails("agent_limit_reached", "POST", "/agents/create", {
            body: { agent_type: "aider" },
          });
          expect(await world.ok("GET", "/agents")).toHaveLength(2);
        },
      },
      storage_full: {
        options: { limits: { game_bytes: 10_000 } },
        run: async (world) => {
          const { as } = await world.game();
          const body = { agent_type: "aider", metadata: { note: "x".repeat(9_000) } };
          await world.fails("storage_full", "POST", "/agents/create", { body, as });
          expect(await world.ok("GET", "/agents")).toEqual([]);
          await world.agent({}, as);
        },
      },
      game_not_found: async (world) => {
        const game = await world.game();
        const other = await world.game();
        const body = { agent_type: "aider", game_id: other.game_id };
        await world.fails("game_not_found", "POST", "/agents/create", { body, as: game.as });
        await world.fails("game_not_found", "POST", "/agents/create", {
          body: { ...body, game_id: "nobodys" },
        });
      },
      scene_not_found: async (world) => {
        const { as } = await world.game();
        const body = { agent_type: "aider", scene_id: "nowhere" };
        await world.fails("scene_not_found", "POST", "/agents/create", { body, as });
      },
    },
    behaviours: {
      "makes an agent as it was asked for": async (world) => {
        const game = await world.game();
        const { scene_id } = await world.ok("PUT", "/game/scene/hall", { body: { game_id: game.game_id } });
        const body = {
          agent_type: "claude",
          name: "Ada",
          position: place,
          scene_id,
          metadata: { hat: "red" },
        };
        const created = await world.ok("POST", "/agents/create", { body, as: game.as });
        expect(created).toMatchObject({
          success: true,
          agent_id: created.agent.id,
          agent: {
            type: "claude",
            name: "Ada",
            position: place,
            scene_id,
            game_id: game.game_id,
            state: "idle",
            metadata: { hat: "red" },
          },
        });
        expect(world.events().map(({ type }) => type)).toContain("agent.created");
      },
      "takes metadata whose keys are an object's own": async (world) => {
        const metadata = { constructor: 1, prototype: { a: 1 }, toString: "b", hasOwnProperty: null };
        const { agent } = await world.ok("POST", "/agents/create", {
          body: { agent_type: "aider", metadata },
        });
        expect(agent.metadata).toEqual(metadata);
      },
      "keeps the numbers of metadata as they were written, zero without a sign": async (world) => {
        const numbers =
          "[1.5e-7,9007199254740991,9007199254740994,1e21,1.7976931348623157e308,-0,0,-0.0,[-0e3]]";
        const raw = `{"agent_type":"aider","position":{"x":-0,"y":0,"z":-1},"metadata":{"n":${numbers}}}`;
        const { text } = await world.call("POST", "/agents/create", { raw, headers: JSON_TYPE });
        expect(text).toContain(
          '"n":[1.5e-7,9007199254740991,9007199254740994,1e+21,1.7976931348623157e+308,0,0,0,[0]]',
        );
        expect(text).toContain('"position":{"x":0,"y":0,"z":-1}');
      },
      "refuses metadata that is nested without end, and stays well": async (world) => {
        const deep = "[".repeat(5_000) + "]".repeat(5_000);
        const raw = `{"agent_type":"aider","metadata":{"a":${deep}}}`;
        await world.fails("invalid_request", "POST", "/agents/create", {
          raw,
          headers: JSON_TYPE,
        });
        expect(await world.ok("GET", "/agents")).toEqual([]);
      },
    },
  },
  agentMoveMany: {
    sample: async (world) => ({
      path: "/agents/positions",
      body: { updates: [{ agent_id: await world.agent(), position: place }] },
    }),
    badBodies: {
      "no updates": [{}, ["body", "updates"]],
      "an empty list": [{ updates: [] }, ["body", "updates"]],
      "too many": [
        {
          updates: Array.from({ length: POSITION_UPDATES_MAX + 1 }, () => ({
            agent_id: "a",
            position: place,
          })),
        },
        ["body", "updates"],
      ],
      "an unknown field": [
        { updates: [{ agent_id: "a", position: place, speed: 1 }] },
        ["body", "updates", 0, "speed"],
      ],
      ...badPositions(["body", "updates", 0, "position"], (position) => ({
        updates: [{ agent_id: "a", position }],
      })),
    },
    errors: {},
    behaviours: {
      "moves those that it can, and says what was wrong with the others": async (world) => {
        const agent = await world.agent();
        const updates = [
          { agent_id: agent, position: place, sequence: 2 },
          { agent_id: "nobody", position: place },
          { agent_id: agent, position: { x: 0, y: 0, z: 0 }, sequence: 1 },
        ];
        expect(await world.ok("PUT", "/agents/positions", { body: { updates } })).toEqual({
          success: true,
          applied: [agent],
          outdated: [{ agent_id: agent, position: place }],
          failed: [{ agent_id: "nobody", code: "agent_not_found", error: "No agent has the id 'nobody'." }],
        });
        expect((await world.ok("GET", `/agents/${agent}`)).agent.position).toEqual(place);
      },
      "compares what one client numbers alone, whose name stands beside the updates": async (world) => {
        const agent = await world.agent();
        const move = async (client_id: string, sequence: number, x: number) => {
          const updates = [{ agent_id: agent, position: { x, y: 0, z: 0 }, sequence }];
          const { applied } = await world.ok("PUT", "/agents/positions", { body: { client_id, updates } });
          return applied.length === 1;
        };
        expect(await move("before", 1_757_000_000_000, 1)).toBe(true);
        expect(await move("after", 1, 2)).toBe(true);
        expect(await move("before", 1_756_000_000_000, 3)).toBe(false);
        expect((await world.ok("GET", `/agents/${agent}`)).agent.position).toEqual({ x: 2, y: 0, z: 0 });
      },
      "moves no other game's agents": async (world) => {
        const stranger = await world.agent();
        const { as } = await world.game();
        const body = { updates: [{ agent_id: stranger, position: place }] };
        const { applied, failed } = await world.ok("PUT", "/agents/positions", { body, as });
        expect([applied, failed]).toMatchObject([[], [{ code: "agent_not_found" }]]);
      },
    },
  },
  agentGet: {
    sample: async (world) => ({ path: `/agents/${await world.agent()}` }),
    errors: {
      agent_not_found: async (world) => {
        const { as } = await world.game();
        const stranger = await world.agent();
        await world.fails("agent_not_found", "GET", "/agents/nobody");
        await world.fails("agent_not_found", "GET", `/agents/${stranger}`, { as });
      },
    },
    behaviours: {
      "tells what the agent does now": async (world) => {
        const id = await world.agent();
        const task = await world.task();
        expect((await world.ok("GET", `/agents/${id}`)).agent).toMatchObject({ id, current_task_id: task });
        await world.advance(3_600_000);
        expect((await world.ok("GET", `/agents/${id}`)).agent).toMatchObject({
          state: "idle",
          current_task_id: null,
        });
      },
    },
  },
  agentMove: {
    sample: async (world) => ({ path: `/agents/${await world.agent()}/position`, body: { position: place } }),
    badBodies: {
      "no position": [{}, ["body", "position"]],
      "a sequence below 0": [{ position: place, sequence: -1 }, ["body", "sequence"]],
      "a client's name that is no id": [{ position: place, client_id: "a b" }, ["body", "client_id"]],
      "an unknown field": [{ position: place, agent_id: "a" }, ["body", "agent_id"]],
      ...badPositions(["body", "position"], (position) => ({ position })),
    },
    errors: {
      agent_not_found: async (world) => {
        await world.fails("agent_not_found", "PUT", "/agents/nobody/position", { body: { position: place } });
      },
      scene_not_found: async (world) => {
        const { as } = await world.game();
        const agent = await world.agent({}, as);
        const body = { position: place, scene_id: "nowhere" };
        await world.fails("scene_not_found", "PUT", `/agents/${agent}/position`, { body, as });
      },
    },
    behaviours: {
      "does not apply a move that is older than the last": async (world) => {
        const path = `/agents/${await world.agent()}/position`;
        const newer = { body: { position: place, sequence: 5 } };
        const older = { body: { position: { x: 0, y: 0, z: 0 }, sequence: 4 } };
        expect(await world.ok("PUT", path, newer)).toMatchObject({ applied: true, position: place });
        expect(await world.ok("PUT", path, older)).toMatchObject({ applied: false, position: place });
      },
      "obeys each client by its own numbers, and a session where none is named": async (world) => {
        const { as, game_id } = await world.game();
        const path = `/agents/${await world.agent({}, as)}/position`;
        const moves = async (who: { as: As; client_id?: string }, ...sequences: number[]) => {
          const applied: boolean[] = [];
          for (const sequence of sequences) {
            const body = { position: place, sequence, client_id: who.client_id };
            applied.push((await world.ok("PUT", path, { as: who.as, body })).applied);
          }
          return applied;
        };
        const again = (await world.game(game_id)).as;
        // A clock that was an hour ahead once, and a page that was loaded again.
        expect(await moves({ as }, 9_000_000_000_000, 8_999_999_999_999)).toEqual([true, false]);
        expect(await moves({ as: again }, 1, 2, 1, 2)).toEqual([true, true, false, true]);
        // The same session, found again by the page.
        expect(await moves({ as: again, client_id: "loaded_again" }, 1, 2, 1)).toEqual([true, true, false]);
        // Programs that share a key.
        expect(await moves({ as: "key", client_id: "one" }, 500)).toEqual([true]);
        expect(await moves({ as: "key", client_id: "other" }, 3)).toEqual([true]);
        expect(await moves({ as: "key", client_id: "one" }, 499, 501)).toEqual([false, true]);
        expect(await moves({ as: "key" }, 1, 0)).toEqual([true, false]);
      },
      "refuses a coordinate that JSON reads as infinite": async (world) => {
        const raw = '{"position":{"x":1e999,"y":0,"z":0}}';
        const headers = { "Content-Type": "application/json" };
        const path = `/agents/${await world.agent()}/position`;
        const refused = await world.fails("invalid_request", "PUT", path, { raw, headers });
        expect(locations(refused)).toEqual([["body", "position", "x"]]);
      },
      "tells what is wrong with the path and the body together": async (world) => {
        const refused = await world.fails("invalid_request", "PUT", "/agents/a%2Fb/position", {
          body: { x: 1 },
        });
        expect(locations(refused)).toEqual([
          ["path", "agent_id"],
          ["body", "position"],
          ["body", "x"],
        ]);
      },
    },
  },
  agentRemove: {
    sample: async (world) => ({ path: `/agents/${await world.agent()}` }),
    errors: {
      agent_not_found: async (world) => {
        const path = `/agents/${await world.agent()}`;
        await world.ok("DELETE", path);
        await world.fails("agent_not_found", "DELETE", path);
      },
    },
    behaviours: {
      "cancels what the agent works on first": async (world) => {
        const agent = await world.agent();
        const task = await world.task();
        await world.ok("DELETE", `/agents/${agent}`);
        expect(await world.ok("GET", `/tasks/${task}`)).toMatchObject({ status: "cancelled" });
        const types = world.events().map(({ type }) => type);
        expect(types.indexOf("task.cancelled")).toBeLessThan(types.indexOf("agent.removed"));
      },
      "may carry an empty object, as some clients send": async (world) => {
        await world.ok("DELETE", `/agents/${await world.agent()}`, { body: {} });
      },
    },
  },
};
