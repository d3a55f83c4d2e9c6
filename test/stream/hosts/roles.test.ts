import { describe, expect, it } from "vitest";
import type { BackendOptions } from "../../../mock-server/index.js";
import { Client, hosts } from "./places.js";
import type { Json, Place } from "./places.js";

const OBSERVER = "secret-of-an-observer";
const GAME = "secret-of-a-game";
const WORKER = "secret-of-a-worker";

const options: BackendOptions = {
  clock: "manual",
  apiKeys: [
    "development-key",
    `watch:observer:${OBSERVER}`,
    { name: "play", role: "game", secret: GAME },
    `desk:worker:${WORKER}`,
  ],
};

/** What comes back to a frame that has an id. */
async function ackOf(client: Client, frame: Json): Promise<Json> {
  client.say(frame);
  const found = (): Json => client.frames.find(({ type, id }) => type === "ack" && id === frame.id);
  await client.until(() => found() !== undefined || client.closed !== null);
  return found();
}

const command = (client: Client, method: string, params: Json): Promise<Json> =>
  ackOf(client, { type: "command", id: `c${client.frames.length}`, method, params });

const move = (client: Client, agent_id: string): Promise<Json> =>
  ackOf(client, { type: "positions", id: "p1", updates: [{ agent_id, position: { x: 1, y: 0, z: 2 } }] });

const agent = async ({ call }: Place): Promise<string> =>
  (await call("POST", "/agents/create", { agent_type: "aider" })).agent.id;

/** A round trip: whatever was sent to the client before is there. */
async function settled(client: Client): Promise<void> {
  await command(client, "tasks.cancel", { task_id: "nobody's" });
}

describe.each(hosts)("a key with a role, on the event stream %s,", (_name, open) => {
  const connected = async (api_key: string, more: Json = {}) => {
    const place = await open(options);
    const client = new Client(place, { api_key, ...more });
    await client.welcomed();
    return { place, client };
  };

  it("that looks on hears what happens in every game, and of workers", async () => {
    const { place, client } = await connected(OBSERVER);
    await agent(place);
    await place.call("POST", "/workers", { name: "desk-1", agent_types: ["aider"] }, WORKER);
    await client.until(() => client.events.some(({ type }) => type === "worker.joined"));
    expect(client.events.map(({ type }) => type)).toEqual(["agent.created", "worker.joined"]);
  });

  it("that looks on sends nothing that changes anything, and stays connected", async () => {
    const { place, client } = await connected(OBSERVER);
    const id = await agent(place);
    const assigned = await command(client, "tasks.assign", { prompt: "Fix the jump" });
    expect(assigned).toMatchObject({ ok: false, error: { code: "forbidden" } });
    expect(assigned.error.error).toContain(
      "needs a key with the role game or admin; this key has the role observer",
    );
    const sent: readonly (readonly [method: string, params: Json])[] = [
      ["tasks.cancel", { task_id: "task_1" }],
      ["tasks.answer", { task_id: "task_1", question_id: "question_1", choice: "yes" }],
      ["tasks.review", { task_id: "task_1", verdict: "accept" }],
    ];
    for (const [method, params] of sent) {
      const ack = await command(client, method, params);
      expect({ method, ack }).toMatchObject({ method, ack: { ok: false, error: { code: "forbidden" } } });
    }
    expect(await move(client, id)).toMatchObject({ ok: false, error: { code: "forbidden" } });
    const [seen] = await place.call("GET", "/agents");
    expect(seen).toMatchObject({ state: "idle", position: { x: 0, y: 0, z: 0 } });
    expect(client.closed).toBeNull();
  });

  it("that plays moves agents and gives tasks, and does no work on them", async () => {
    const { place, client } = await connected(GAME);
    const id = await agent(place);
    expect(await move(client, id)).toMatchObject({ ok: true });
    const given = await command(client, "tasks.assign", { prompt: "Fix the jump", agent_id: id });
    expect(given).toMatchObject({ ok: true, result: { success: true } });
    for (const [method, params] of [
      ["workers.claim", { worker_id: "worker_1" }],
      ["tasks.finish", { task_id: given.result.task_id, attempt: 1, success: true }],
      ["tasks.reviewed", { task_id: given.result.task_id, review_id: "review_1" }],
    ] as const) {
      expect({ method, ack: await command(client, method, params) }).toMatchObject({
        ack: { ok: false, error: { code: "forbidden" } },
      });
    }
    await client.until(() => client.events.some(({ type }) => type === "task.started"));
  });

  it("that plays hears the one game that it names", async () => {
    const { place, client } = await connected(GAME, { subscribe: { game_id: "game_of_nobody" } });
    await agent(place);
    await settled(client);
    expect(client.events).toEqual([]);
  });

  it("that works hears no event, whatever it subscribes to, and plays nothing", async () => {
    const { place, client } = await connected(WORKER, { subscribe: { types: ["*"] } });
    const id = await agent(place);
    expect(await move(client, id)).toMatchObject({ ok: false, error: { code: "forbidden" } });
    expect(await command(client, "tasks.assign", { prompt: "Fix it" })).toMatchObject({
      ok: false,
      error: { code: "forbidden" },
    });
    expect(client.events).toEqual([]);
  });

  it("is shown by its secret alone: neither its name nor all of it is a key", async () => {
    for (const api_key of ["watch", `watch:observer:${OBSERVER}`, "watch:admin:" + OBSERVER]) {
      const place = await open(options);
      const client = new Client(place, { api_key });
      expect((await client.left())?.code).toBe(4_403);
      expect(JSON.stringify(client.frames)).not.toContain(OBSERVER);
    }
  });
});
