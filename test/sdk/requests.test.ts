import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { InvalidRequestError } from "../../src/index.js";
import type { CallOptions, Position } from "../../src/index.js";
import { agentAnswer, json, scriptedFetch } from "./scripted-fetch.js";
import { rejectionOf } from "./time.js";
import { transports } from "./transports.js";
import type { AnyAgentVM } from "./transports.js";

type Call = (agentvm: AnyAgentVM) => PromiseLike<unknown>;

const at =
  (position: Position): Call =>
  (agentvm) =>
    agentvm.agents.move("agent_1", position);

const wrong: [what: string, call: Call, named: string][] = [
  ["a blank prompt", (a) => a.tasks.assign({ prompt: "  " }), "body.prompt"],
  ["a priority of nothing", (a) => a.tasks.assign({ prompt: "x", priority: 1.5 }), "body.priority"],
  ["a team of one", (a) => a.tasks.assignTeam({ prompt: "x", team_size: 1 }), "body.team_size"],
  ["a position that is no number", at({ x: Number.NaN, y: 0, z: 0 }), "body.position.x"],
  ["an infinite position", at({ x: 0, y: 0, z: -Infinity }), "body.position.z"],
  ["a position beyond the world", at({ x: 0, y: 1e9, z: 0 }), "body.position.y"],
  [
    "an unknown field",
    (a) => a.agents.create(JSON.parse('{"agent_type":"aider","colour":"red"}')),
    "body.colour",
  ],
  ["an id with a slash", (a) => a.agents.get("../moves/agents"), "path.agent_id"],
  ["an empty id", (a) => a.tasks.get(""), "path.task_id"],
  ["an id that is none", (a) => a.agents.get(JSON.parse("null")), "path.agent_id"],
  ["a page of nothing", (a) => a.agents.list({ limit: 0 }), "query.limit"],
  ["a state that is none", (a) => a.agents.list(JSON.parse('{"state":"asleep"}')), "query.state"],
  ["no moves at all", (a) => a.agents.moveMany([]), "body.updates"],
  ["an empty batch", (a) => a.batch([]), "body.requests"],
  [
    "a batch to another server",
    (a) => a.batch([{ id: "1", method: "GET", path: "//evil.example" }]),
    "body.requests.0.path",
  ],
  [
    "a body that goes round in a circle",
    (a) => a.agents.create({ agent_type: "aider", metadata: circle() }),
    "body",
  ],
];

function circle(): Record<string, unknown> {
  const round: Record<string, unknown> = {};
  round["self"] = round;
  return round;
}

const wrongOptions: [what: string, options: CallOptions, named: string][] = [
  ["a header with a line break", { headers: { "x-note": "a\r\nx-evil: 1" } }, "options.headers.x-note"],
  ["a header name with a line break", { headers: { "x-note\r\nx-evil": "1" } }, "options.headers"],
  [
    "a header that carries credentials",
    { headers: { Authorization: "Bearer x" } },
    "options.headers.Authorization",
  ],
  ["another key in a header", { headers: { "X-API-Key": "x" } }, "options.headers.X-API-Key"],
  ["an idempotency key with a line break", { idempotencyKey: "a\nb" }, "options.idempotencyKey"],
  ["an idempotency key that is too long", { idempotencyKey: "a".repeat(65) }, "options.idempotencyKey"],
  ["a time limit below nothing", { timeoutMs: -1 }, "options.timeoutMs"],
  ["a time limit that is no number", { totalTimeoutMs: Number.NaN }, "options.totalTimeoutMs"],
];

describe.each(transports)("an AgentVM %s", (_name, make) => {
  const refusal = async (call: Call): Promise<{ error: unknown; sent: number }> => {
    const { fetch, seen } = scriptedFetch(json(agentAnswer));
    const error = await rejectionOf(call(make({ fetch })));
    return { error, sent: seen.length };
  };

  it.each(wrong)("refuses %s before it is sent, and names it", async (_what, call, named) => {
    const { error, sent } = await refusal(call);
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({ code: "invalid_request", outcome: "not_sent", status: null });
    expect((error as InvalidRequestError).message).toContain(named);
    expect(sent).toBe(0);
  });

  it.each(wrongOptions)("refuses %s before it is sent, and names it", async (_what, options, named) => {
    const { error, sent } = await refusal((agentvm) => agentvm.agents.create("aider", options));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect((error as InvalidRequestError).message).toContain(named);
    expect(sent).toBe(0);
  });

  it("sends the caller's own headers", async () => {
    const { fetch, seen } = scriptedFetch(json(agentAnswer));
    await make({ fetch }).agents.get("agent_1", { headers: { "X-Request-Id": "mine-1" } });
    expect(seen[0]?.headers.get("x-request-id")).toBe("mine-1");
  });

  it("sends a query encoded, and leaves out what is undefined", async () => {
    const { fetch, seen } = scriptedFetch(json([]));
    await make({ fetch }).agents.list({ cursor: "a&b=c/ü", limit: 5, type: undefined });
    expect(seen[0]?.url).toBe("http://localhost:8000/agents?cursor=a%26b%3Dc%2F%C3%BC&limit=5");
  });

  it("sends nothing of a body to a call that has none", async () => {
    const { fetch, seen } = scriptedFetch(json(agentAnswer));
    await make({ fetch }).agents.get("agent_1");
    expect(seen[0]?.body).toBeNull();
    expect(seen[0]?.headers.has("content-type")).toBe(false);
  });

  it("lets no text become an id that reaches another path", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 80, unit: "binary" }), async (id) => {
        const { fetch, seen } = scriptedFetch(json(agentAnswer));
        await make({ fetch, retries: 0 })
          .agents.get(id)
          .catch(() => undefined);
        for (const { url } of seen) expect(url).toBe(`http://localhost:8000/agents/${id}`);
      }),
      { numRuns: 200 },
    );
  });

  it("lets each move of an agent follow the one before, in the same millisecond too", async () => {
    const { fetch, seen } = scriptedFetch(
      json({ success: true, agent_id: "agent_1", position: { x: 0, y: 0, z: 0 }, applied: true }),
    );
    const agentvm = make({ fetch, clock: { now: () => 1_000, setTimeout: () => () => undefined } });
    const at = { x: 0, y: 0, z: 0 };
    for (let move = 0; move < 3; move += 1) await agentvm.agents.move("agent_1", at, {});
    await agentvm.agents.move("agent_1", { position: at, sequence: 7 }, {});
    await agentvm.agents.move("agent_1", at, {});
    expect(seen.map(({ body }) => (body as { sequence: number }).sequence)).toEqual([1, 2, 3, 7, 8]);
  });

  it("names itself anew to the server in each of its lives, also in a game that always throws the same dice", async () => {
    const answer = { success: true, agent_id: "agent_1", position: { x: 0, y: 0, z: 0 }, applied: true };
    const dice = vi.spyOn(Math, "random").mockReturnValue(0.5);
    const names: unknown[] = [];
    for (let life = 0; life < 2; life += 1) {
      const { fetch, seen } = scriptedFetch(json(answer));
      const agentvm = make({ fetch });
      for (let move = 0; move < 2; move += 1) await agentvm.agents.move("agent_1", { x: 0, y: 0, z: 0 }, {});
      names.push(...new Set(seen.map(({ body }) => (body as { client_id: string }).client_id)));
    }
    dice.mockRestore();
    expect([names.length, new Set(names).size]).toEqual([2, 2]);
  });
});
