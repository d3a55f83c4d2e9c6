import { expect } from "vitest";
import { BATCH_MAX } from "../../../src/contract/index.js";
import type { World } from "../world.js";
import type { CasesOf } from "./case.js";

const batch = async (world: World, requests: unknown[], options: object = {}) =>
  (await world.ok("POST", "/batch", { body: { requests }, ...options })).responses;

const create = { method: "POST", path: "/agents/create", body: { agent_type: "aider" } };
const list = { method: "GET", path: "/agents" };

/** Many calls in one. */
export const batchCases: CasesOf<"batch"> = {
  batch: {
    sample: async () => ({ path: "/batch", body: { requests: [{ id: "1", ...create }] } }),
    badBodies: {
      "no requests": [{}, ["body", "requests"]],
      "an empty list": [{ requests: [] }, ["body", "requests"]],
      "too many": [
        { requests: Array.from({ length: BATCH_MAX + 1 }, (_, index) => ({ id: `r${index}`, ...list })) },
        ["body", "requests"],
      ],
      "an unknown method": [
        { requests: [{ id: "1", method: "PATCH", path: "/agents" }] },
        ["body", "requests", 0, "method"],
      ],
      "an address for a path": [
        { requests: [{ id: "1", method: "GET", path: "http://example.com/" }] },
        ["body", "requests", 0, "path"],
      ],
      "an address without a scheme": [
        { requests: [{ id: "1", method: "GET", path: "//example.com/" }] },
        ["body", "requests", 0, "path"],
      ],
      "an unknown field": [
        { requests: [{ id: "1", ...list, headers: {} }] },
        ["body", "requests", 0, "headers"],
      ],
    },
    errors: {},
    behaviours: {
      "makes its requests in order, each seeing what those before it did": async (world) => {
        const responses = await batch(world, [
          { id: "a", ...create },
          { id: "b", ...create },
          { id: "c", ...list },
        ]);
        expect(responses.map(({ id, status }: { id: string; status: number }) => [id, status])).toEqual([
          ["a", 200],
          ["b", 200],
          ["c", 200],
        ]);
        expect(responses[2].body).toHaveLength(2);
      },
      "answers each as it would be by itself": async (world) => {
        const task = await world.endedTask();
        const paths = [
          "/agents?limit=1",
          "/agents/types",
          `/tasks/${task}`,
          "/agents/none",
          "/nowhere",
          "/agents?limit=x",
          "/health",
        ];
        const requests = paths.map((path, index) => ({ id: `r${index}`, method: "GET", path }));
        const responses = await batch(world, requests);
        for (const [index, path] of paths.entries()) {
          const { status, json } = await world.call("GET", path);
          expect(responses[index]).toEqual({ id: `r${index}`, status, body: json });
        }
      },
      "goes on after one that fails": async (world) => {
        const responses = await batch(world, [
          { id: "a", method: "POST", path: "/agents/create", body: { agent_type: "wizard" } },
          { id: "b", method: "DELETE", path: "/agents" },
          { id: "c", method: "POST", path: "/tasks/assign" },
          { id: "d", ...create },
        ]);
        expect(responses).toMatchObject([
          { status: 422, body: { code: "invalid_request", detail: [{ loc: ["body", "agent_type"] }] } },
          { status: 405, body: { code: "method_not_allowed" } },
          { status: 400, body: { code: "malformed_json" } },
          { status: 200, body: { success: true } },
        ]);
      },
      "refuses in its place what cannot be in a batch": async (world) => {
        const task = await world.endedTask();
        const responses = await batch(world, [
          { id: "a", method: "POST", path: "/batch", body: { requests: [{ id: "x", ...create }] } },
          { id: "b", method: "GET", path: `/tasks/${task}/output` },
          { id: "c", method: "GET", path: "/docs" },
          { id: "d", ...list },
        ]);
        expect(responses.map(({ status }: { status: number }) => status)).toEqual([422, 422, 422, 200]);
        expect(responses[0].body).toMatchObject({
          code: "invalid_request",
          detail: [{ loc: ["body", "path"] }],
        });
        expect(responses[3].body).toHaveLength(1);
      },
      "refuses a body where none belongs": async (world) => {
        const responses = await batch(world, [{ id: "a", ...list, body: { limit: 1 } }]);
        expect(responses).toMatchObject([{ status: 422, body: { detail: [{ loc: ["body", "limit"] }] } }]);
      },
      "does a request with a key of its own once": async (world) => {
        const keyed = { ...create, idempotency_key: "make-one" };
        const responses = await batch(world, [
          { id: "a", ...keyed },
          { id: "b", ...keyed },
        ]);
        expect(responses[1].body).toEqual(responses[0].body);
        const headers = { "Idempotency-Key": "make-one" };
        expect(await world.ok("POST", "/agents/create", { body: create.body, headers })).toEqual(
          responses[0].body,
        );
        expect(await world.ok("GET", "/agents")).toHaveLength(1);
      },
      "sees a session's own game alone": async (world) => {
        const stranger = await world.agent();
        const { as } = await world.game();
        const requests = [
          { id: "a", method: "GET", path: `/agents/${stranger}` },
          { id: "b", method: "POST", path: "/game/connect", body: {} },
        ];
        const responses = await batch(world, requests, { as });
        expect(responses).toMatchObject([
          { status: 404, body: { code: "agent_not_found" } },
          { status: 403, body: { code: "forbidden" } },
        ]);
      },
      "stops working for a session that it ends itself": async (world) => {
        const { as } = await world.game();
        const requests = [list, { method: "POST", path: "/game/disconnect" }, list];
        const responses = await batch(
          world,
          requests.map((request, index) => ({ id: `r${index}`, ...request })),
          { as },
        );
        expect(responses).toMatchObject([
          { status: 200 },
          { status: 200 },
          { status: 401, body: { code: "session_expired" } },
        ]);
      },
      "counts each of its requests in the rate limit": {
        options: { limits: { rate_limit_per_minute: 4 } },
        run: async (world) => {
          const requests = [1, 2, 3, 4].map((id) => ({ id: `r${id}`, ...list }));
          const { json, headers } = await world.call("POST", "/batch", { body: { requests } });
          expect(json.responses).toMatchObject([
            { status: 200 },
            { status: 200 },
            { status: 200 },
            { status: 429, body: { code: "rate_limited" } },
          ]);
          expect(headers.get("ratelimit-remaining")).toBe("0");
        },
      },
    },
  },
};
