import { expect } from "vitest";
import type { Behaviour } from "./cases/case.js";
import { isRefused } from "./world.js";
import type { CallOptions } from "./world.js";

const PAGE = "http://localhost:5173";

/** What holds for the server as a whole, by title. */
export const serverScenarios: Readonly<Record<string, Behaviour>> = {
  "answers route_not_found where there is nothing": async (world) => {
    for (const path of ["/", "/nope", "/agents/", "/agents//position", "/Agents", "/health/x"]) {
      const body = await world.fails("route_not_found", "GET", path);
      expect(body.error).toContain(path);
    }
  },

  "makes a request id where none was brought, and where a brought one is not sane": async (world) => {
    for (const id of ["", "two words", "x".repeat(129), "<b>"]) {
      const { headers } = await world.call("GET", "/nope", { headers: { "X-Request-Id": id } });
      expect(headers.get("x-request-id")).toMatch(/^request-\d+$/);
    }
    const sane = "01J0-abc.def:1/2+3=4@host_";
    const { headers } = await world.call("GET", "/nope", { headers: { "X-Request-Id": sane } });
    expect(headers.get("x-request-id")).toBe(sane);
  },

  "counts those who show nothing together, apart from those who may call": {
    options: { limits: { rate_limit_per_minute: 3 } },
    run: async (world) => {
      for (let count = 0; count < 3; count += 1)
        await world.fails("unauthorized", "GET", "/agents", { as: "nobody" });
      await world.fails("rate_limited", "GET", "/agents", { as: { key: "guess" } });
      await world.ok("GET", "/agents");
      await world.ok("GET", "/health", { as: "nobody" });
    },
  },

  "lets a bucket fill again steadily": {
    options: { limits: { rate_limit_per_minute: 60 } },
    run: async (world) => {
      await world.ok("GET", "/agents");
      const { headers } = await world.call("GET", "/agents");
      expect([headers.get("ratelimit-remaining"), headers.get("ratelimit-reset")]).toEqual(["58", "2"]);
      await world.advance(1_000);
      expect((await world.call("GET", "/agents")).headers.get("ratelimit-remaining")).toBe("58");
    },
  },

  "tells the methods of a path on OPTIONS": async (world) => {
    const { status, text, headers } = await world.call("OPTIONS", "/tasks", { as: "nobody" });
    expect([status, text, headers.get("allow")]).toEqual([200, "", "GET, HEAD, OPTIONS"]);
    await world.fails("route_not_found", "OPTIONS", "/nope", { as: "nobody" });
  },

  "answers a page's preflight without credentials": async (world) => {
    const headers = {
      Origin: PAGE,
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "x-api-key,content-type",
    };
    const granted = await world.call("OPTIONS", "/tasks/assign", { as: "nobody", headers });
    expect([granted.status, granted.text]).toEqual([200, ""]);
    expect(granted.headers.get("access-control-allow-origin")).toBe(PAGE);
    expect(granted.headers.get("access-control-allow-methods")).toContain("DELETE");
    expect(granted.headers.get("access-control-allow-headers")).toBe("x-api-key,content-type");
    const refused = await world.call("OPTIONS", "/tasks/assign", {
      as: "nobody",
      headers: { ...headers, Origin: "https://example.com" },
    });
    expect(refused.headers.get("access-control-allow-origin")).toBeNull();
  },

  "lets a page read answers and errors alike, and other pages none": async (world) => {
    for (const path of ["/agents", "/nope", "/health"]) {
      const read = await world.call("GET", path, { headers: { Origin: PAGE } });
      expect(read.headers.get("access-control-allow-origin")).toBe(PAGE);
      expect(read.headers.get("access-control-expose-headers")).toContain("X-Request-Id");
      const hidden = await world.call("GET", path, { headers: { Origin: "https://example.com" } });
      expect(hidden.headers.get("access-control-allow-origin")).toBeNull();
    }
  },

  "forgets an Idempotency-Key after 24 hours": async (world) => {
    const options = { body: { prompt: "Fix the jump" }, headers: { "Idempotency-Key": "day" } };
    const first = await world.ok("POST", "/tasks/assign", options);
    await world.advance(86_399_000);
    expect((await world.ok("POST", "/tasks/assign", options)).task_id).toBe(first.task_id);
    await world.advance(1_000);
    expect((await world.ok("POST", "/tasks/assign", options)).task_id).not.toBe(first.task_id);
  },

  "keeps the Idempotency-Keys of a key and of each game apart, and of a game's sessions together": async (
    world,
  ) => {
    const options = { body: { prompt: "Fix the jump" }, headers: { "Idempotency-Key": "shared" } };
    const [one, again, other] = [await world.game("one"), await world.game("one"), await world.game("other")];
    const made = [];
    for (const as of ["key" as const, one.as, again.as, other.as]) {
      made.push((await world.ok("POST", "/tasks/assign", { ...options, as })).task_id);
    }
    expect(made[2]).toBe(made[1]);
    expect(new Set(made).size).toBe(3);
  },

  "may be asked again under the same Idempotency-Key after a refusal": {
    options: { limits: { max_agents: 1 } },
    run: async (world) => {
      const first = await world.agent();
      const options = { body: { agent_type: "claude" }, headers: { "Idempotency-Key": "again" } };
      await world.fails("agent_limit_reached", "POST", "/agents/create", options);
      await world.ok("DELETE", `/agents/${first}`);
      await world.ok("POST", "/agents/create", options);
    },
  },

  "lets a key make the calls of its role alone, and says which role the others need": {
    options: {
      apiKeys: [
        "conformance-key",
        "play:game:secret-of-the-game",
        "desk:worker:secret-of-the-worker",
        { name: "watch", role: "observer", secret: "secret-of-the-observer" },
      ],
    },
    run: async (world) => {
      const game = { key: "secret-of-the-game" };
      const worker = { key: "secret-of-the-worker" };
      const observer = { key: "secret-of-the-observer" };
      const agent = await world.agent({}, game);
      await world.ok("GET", `/agents/${agent}`, { as: observer });
      await world.ok("GET", "/agents/types", { as: worker });
      const body = { prompt: "Fix the jump" };
      const refused = await world.fails("forbidden", "POST", "/tasks/assign", { as: observer, body });
      expect(refused.error).toContain("the role game or admin; this key has the role observer");
      expect(JSON.stringify(refused)).not.toContain("secret");
      await world.fails("forbidden", "GET", "/agents", { as: worker });
      await world.fails("forbidden", "POST", "/game/connect", { as: worker, body: {} });
      // In a batch each call is looked at by itself.
      const requests = [
        { id: "look", method: "GET", path: "/agents" },
        { id: "do", method: "DELETE", path: `/agents/${agent}` },
      ];
      const { responses } = await world.ok("POST", "/batch", { as: observer, body: { requests } });
      expect(responses.map(({ status }: { status: number }) => status)).toEqual([200, 403]);
      // What was written around the secret is no key.
      await world.fails("forbidden", "GET", "/agents", { as: { key: "play:game:secret-of-the-game" } });
    },
  },

  "takes the key where a request shows a key and a token": async (world) => {
    const { as } = await world.game();
    await world.agent();
    const headers = { Authorization: `Bearer ${as.token}` };
    expect(await world.ok("GET", "/agents", { headers })).toHaveLength(1);
    isRefused(await world.call("GET", "/agents", { as: { key: "wrong" }, headers }), "forbidden");
  },

  "lives through a busy day": {
    options: { limits: { auto_spawn: true, min_idle_agents: 1, max_agents: 12 } },
    run: async (world) => {
      const games = [await world.game("morning"), await world.game("evening")];
      for (const [index, { as, game_id }] of games.entries()) {
        await world.ok("PUT", "/game/scene/hall", {
          as,
          body: { game_id, spawn_points: [{ x: index, y: 0, z: 0 }] },
        });
        for (const agent_type of ["aider", "opencode", "claude"])
          await world.agent({ agent_type, scene_id: "hall" }, as);
      }
      const kinds = ["debugging", "code_review", "feature_development", "documentation", "general"];
      for (let hour = 0; hour < 12; hour += 1) {
        const as = games[hour % 2]?.as;
        const made = [];
        for (let count = 0; count <= hour % 4; count += 1) {
          made.push(await world.task({ task_type: kinds[(hour + count) % 5], priority: count }, as));
        }
        await world.call("POST", "/tasks/assign/collaborative", {
          as,
          body: { prompt: "Together", team_size: 2 + (hour % 3) },
        });
        await world.advance(7_000);
        if (hour % 3 === 1)
          await world.call("POST", `/tasks/${made[0]}/cancel`, { as, body: { reason: "Enough." } });
        const agents = await world.ok("GET", "/agents", { as });
        const updates = agents.map(({ id }: { id: string }, index: number) => ({
          agent_id: id,
          position: { x: hour, y: index, z: 0 },
          sequence: hour,
        }));
        await world.ok("PUT", "/agents/positions", { as, body: { updates } });
        if (hour === 9) await world.call("DELETE", `/agents/${agents[0].id}`, { as });
        await world.advance(1_700_000);
        for (const id of made) await world.ok("GET", `/tasks/${id}`, { as });
      }
      await world.call("GET", "/system/status");
      await world.call("GET", "/metrics");
      const events = world.events();
      expect(events.length).toBeGreaterThan(300);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    },
  },

  "goes on after bad input of every kind": async (world) => {
    await world.agent();
    const bad: [string, string, CallOptions, number][] = [
      ["POST", "/tasks/assign", { raw: "{", headers: { "Content-Type": "application/json" } }, 400],
      ["POST", "/tasks/assign", { body: { prompt: 1 } }, 422],
      ["PATCH", "/tasks/assign", {}, 405],
      ["GET", "/agents/%zz", {}, 422],
      ["GET", "/agents", { as: { token: "x".repeat(6_000) } }, 401],
    ];
    for (const [method, path, options, status] of bad) {
      expect((await world.call(method, path, options)).status).toBe(status);
    }
    await world.task();
    expect(await world.ok("GET", "/health")).toMatchObject({ status: "healthy" });
  },
};
