import { describe, expect, it } from "vitest";
import { closeCodes } from "../../../src/contract/index.js";
import { Client, hosts } from "./places.js";

const KEY = { api_key: "development-key" };
const all = { kind: "all" } as const;

describe.each(hosts)("the event stream %s", (_name, open) => {
  it("welcomes, then tells what happens, in order and chained", async () => {
    const place = await open();
    const client = new Client(place, KEY);
    const base = Number((await client.welcomed()).seq);
    for (let count = 0; count < 10; count += 1)
      place.backend.engine.agents.create(all, { agent_type: "aider" });
    await client.until(() => client.events.length === 10);
    expect(client.events.map((event) => [event.prev, event.seq])).toEqual(
      Array.from({ length: 10 }, (_, index) => [base + index, base + index + 1]),
    );
  });

  it("gives a client that was away what it missed before what is new", async () => {
    const place = await open();
    const first = new Client(place, KEY);
    const { epoch } = await first.welcomed();
    place.backend.engine.agents.create(all, { agent_type: "aider" });
    await first.until(() => first.events.length === 1);
    const { seq } = first.events[0];
    first.socket.close();
    await first.left();
    place.backend.engine.agents.create(all, { agent_type: "claude" });
    place.backend.engine.agents.create(all, { agent_type: "opencode" });
    const again = new Client(place, { ...KEY, resume: { epoch, seq } });
    expect((await again.welcomed()).recovered).toBe(true);
    place.backend.engine.agents.create(all, { agent_type: "custom" });
    await again.until(() => again.events.length === 3);
    expect(again.events.map((event) => event.data.agent.type)).toEqual(["claude", "opencode", "custom"]);
    expect(again.events[0].prev).toBe(seq);
  });

  it("answers commands", async () => {
    const place = await open();
    const client = new Client(place, KEY);
    await client.welcomed();
    client.say({ type: "command", id: "c1", method: "tasks.cancel", params: { task_id: "task_0" } });
    await client.until(() => client.frames.length > 1);
    expect(client.frames[1]).toMatchObject({
      type: "ack",
      id: "c1",
      ok: false,
      error: { code: "task_not_found" },
    });
  });

  const endings: [number, object | null, unknown][] = [
    [4400, null, "not JSON"],
    [4400, null, { type: "pong", t: 1 }],
    [4400, KEY, { type: "sing" }],
    [4401, {}, null],
    [4403, { api_key: "wrong" }, null],
    [4410, { session_token: "gone" }, null],
  ];
  it.each(endings)("closes with %i after the hello %j and the frame %j", async (code, hello, frame) => {
    const place = await open();
    const client = new Client(place, hello);
    await client.until(() => client.socket.readyState > 0);
    if (frame !== null) client.say(frame);
    const closed = await client.left();
    expect(closed).toMatchObject({ code, wasClean: true });
    expect(closed?.reason).toContain(
      Object.entries(closeCodes).find(([known]) => Number(known) === code)?.[1].reason,
    );
  });

  it("closes with 1012 when the server leaves", async () => {
    const place = await open();
    const client = new Client(place, KEY);
    await client.welcomed();
    place.backend.close();
    expect(await client.left()).toEqual({ code: 1012, reason: "server restarting", wasClean: true });
  });

  it("forgets a client that left", async () => {
    const place = await open();
    const client = new Client(place, KEY);
    await client.welcomed();
    expect(place.backend.hub.clients).toBe(1);
    client.socket.close(1000, "done");
    expect(await client.left()).toMatchObject({ code: 1000, wasClean: true });
    while (place.backend.hub.connections > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(place.backend.hub.clients).toBe(0);
  });
});
