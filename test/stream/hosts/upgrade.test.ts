import { AllowedHosts } from "../../../mock-server/hosts/node/allowed-hosts.js";
import { connect as connectRaw } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { WebSocket as Client } from "ws";
import { errorBodySchema, FRAME_MAX_BYTES } from "../../../src/contract/index.js";
import { ask, closed, createPort, HELLO, opened, until } from "./port-rig.js";
import { read } from "../../lib/read.js";

const HANDSHAKE = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

describe("an upgrade", () => {
  it("at /ws becomes the event stream", async () => {
    const { join, backend } = await createPort();
    const { messages } = await join();
    expect(JSON.parse(messages[0] ?? "")).toMatchObject({ type: "welcome", epoch: backend.engine.log.epoch });
    expect(backend.hub.clients).toBe(1);
  });

  it("with a query is the same", async () => {
    const { port } = await createPort();
    expect((await ask(port, "/ws?a=b", HANDSHAKE)).status).toBe(101);
  });

  const refused: [string, string, Record<string, string>, number, string][] = [
    ["on another path", "/socket", HANDSHAKE, 404, "route_not_found"],
    ["on a path below", "/ws/more", HANDSHAKE, 404, "route_not_found"],
    ["to something else", "/ws", { ...HANDSHAKE, upgrade: "h2c" }, 426, "invalid_request"],
    ["without a key", "/ws", { ...HANDSHAKE, "sec-websocket-key": "short" }, 400, "invalid_request"],
    ["of an older version", "/ws", { ...HANDSHAKE, "sec-websocket-version": "7" }, 400, "invalid_request"],
    [
      "with extensions that are none",
      "/ws",
      { ...HANDSHAKE, "sec-websocket-extensions": "a;;b" },
      400,
      "invalid_request",
    ],
    ["from a page elsewhere", "/ws", { ...HANDSHAKE, origin: "https://evil.example" }, 403, "forbidden"],
    [
      "from a page that is almost here",
      "/ws",
      { ...HANDSHAKE, origin: "http://localhost.evil.example" },
      403,
      "forbidden",
    ],
    ["from a sandboxed frame", "/ws", { ...HANDSHAKE, origin: "null" }, 403, "forbidden"],
  ];
  it.each(refused)(
    "%s is refused with a status and the error body",
    async (_what, path, headers, status, code) => {
      const { port } = await createPort();
      const answer = await ask(port, path, { ...headers, "x-request-id": "asked-1" });
      expect(answer.status).toBe(status);
      expect(answer.headers).toMatchObject({
        "content-type": "application/json; charset=utf-8",
        "x-request-id": "asked-1",
      });
      expect(read(errorBodySchema, JSON.parse(answer.body))).toMatchObject({ code, request_id: "asked-1" });
    },
  );

  it("that is refused says which version and which protocol would do", async () => {
    const { port } = await createPort();
    const version = await ask(port, "/ws", { ...HANDSHAKE, "sec-websocket-version": "7" });
    const protocol = await ask(port, "/ws", { ...HANDSHAKE, upgrade: "h2c" });
    expect(version.headers["sec-websocket-version"]).toBe("13");
    expect(protocol.headers.upgrade).toBe("websocket");
  });

  it("that is asked for with POST is refused", async () => {
    const { port } = await createPort();
    expect((await ask(port, "/ws", HANDSHAKE, "POST")).status).toBe(400);
  });

  it("that is none leaves plain HTTP to the routes", async () => {
    const { port } = await createPort();
    expect(await ask(port, "/ws", {})).toMatchObject({ status: 404, body: "plain" });
  });

  const allowed: [string, Record<string, string>, readonly string[] | undefined][] = [
    ["without an origin, as no page has it", {}, undefined],
    ["from a page on this machine", { origin: "http://localhost:5173" }, undefined],
    [
      "from a page that this server gave",
      { origin: "https://game.example", host: "game.example" },
      undefined,
    ],
    ["from an origin that is configured", { origin: "https://game.example" }, ["https://game.example"]],
    ["from a sandboxed frame where that is configured", { origin: "null" }, ["null"]],
    ["from anywhere where that is configured", { origin: "https://any.example" }, ["*"]],
  ];
  it.each(allowed)("%s is taken", async (_what, headers, corsOrigins) => {
    const { port } = await createPort(
      {},
      { hosts: new AllowedHosts(["game.example"]), ...(corsOrigins === undefined ? {} : { corsOrigins }) },
    );
    expect((await ask(port, "/ws", { ...HANDSHAKE, ...headers })).status).toBe(101);
  });

  it("to a server that is closing is refused with 503 and told to come back", async () => {
    const { port, upgrade, join } = await createPort();
    const { client } = await join();
    const end = closed(client);
    client.pause();
    const closing = upgrade.close(10_000);
    const answer = await ask(port, "/ws", HANDSHAKE);
    expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "1"]);
    client.resume();
    await Promise.all([end, closing]);
  });

  it("beyond the sockets that a server holds is refused with 503", async () => {
    const { port, join } = await createPort({}, { socketsMax: 2 });
    await join();
    await join();
    expect((await ask(port, "/ws", HANDSHAKE)).status).toBe(503);
  });

  it("whose socket breaks midway does not end the process", async () => {
    const { port, join } = await createPort();
    for (let count = 0; count < 20; count += 1) {
      const socket = connectRaw(port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.write(
        "GET /nowhere HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        () => {
          socket.resetAndDestroy();
        },
      );
      await new Promise((resolve) => socket.once("close", resolve));
    }
    const { messages } = await join();
    expect(messages).toHaveLength(1);
  });
});

describe("a message over the network", () => {
  it("that is binary closes with 4400", async () => {
    const { join } = await createPort();
    const { client } = await join();
    client.send(new Uint8Array(4));
    expect(await closed(client)).toEqual({
      code: 4400,
      reason: "bad frame: binary messages are not read here",
    });
  });

  it("is told of with who sent it, from the hello on", async () => {
    const heard: (string | null)[] = [];
    const { connect, join } = await createPort({}, { heard: (owner) => heard.push(owner) });
    const stranger = connect();
    await opened(stranger);
    stranger.send("who is there?");
    await closed(stranger);
    const { client, messages } = await join();
    client.send('{"type":"command","id":"c1","method":"tasks.cancel","params":{"task_id":"t"}}');
    await until(client, "message", () => messages.some((text) => text.includes('"ack"')));
    expect(heard).toEqual([null, "key:1", "key:1"]);
  });

  it("of the greatest size is read", async () => {
    const { join } = await createPort();
    const { client, messages } = await join();
    const frame = '{"type":"command","id":"c1","method":"tasks.cancel","params":{"task_id":"t"}}';
    client.send(frame + " ".repeat(FRAME_MAX_BYTES - frame.length));
    await until(client, "message", () => messages.some((text) => text.includes('"ack"')));
    expect(client.readyState).toBe(Client.OPEN);
  });

  it.each([
    ["plain", {}],
    ["compressed", { perMessageDeflate: { threshold: 0 } }],
  ])("that is larger closes with 4400 before it is read whole, %s", async (_how, options) => {
    const { join } = await createPort();
    const { client } = await join(options);
    client.send(" ".repeat(20 * FRAME_MAX_BYTES));
    expect(await closed(client)).toEqual({ code: 4400, reason: "bad frame: larger than a frame may be" });
  });

  it("that is not UTF-8 closes with 4400", async () => {
    const { join } = await createPort();
    const { client } = await join();
    client.send(Buffer.from([0xff, 0xfe]), { binary: false });
    expect(await closed(client)).toEqual({ code: 4400, reason: "bad frame: not UTF-8" });
  });

  it("comes compressed where it is long and the client can read it", async () => {
    const { join, backend } = await createPort();
    const { client, messages } = await join();
    const prompt = "jump ".repeat(1_900);
    backend.operations.run(
      "taskAssign",
      backend.access.identify({ apiKey: "development-key" }),
      { body: { prompt } },
      { origin: "http://x" },
    );
    await until(client, "message", () => messages.length > 1);
    expect(client.extensions).toBe("permessage-deflate");
    expect(JSON.parse(messages[1] ?? "").data.task.prompt).toBe(prompt);
  });

  it("answers a ping of the WebSocket protocol too", async () => {
    const { join } = await createPort();
    const { client } = await join();
    client.ping("here");
    const answer = await new Promise((resolve) =>
      client.once("pong", (data) => {
        resolve(String(data));
      }),
    );
    expect(answer).toBe("here");
  });
});

describe("a socket that goes away", () => {
  it("leaves the hub, however it goes", async () => {
    const { join, backend, upgrade } = await createPort();
    const polite = (await join()).client;
    const rude = (await join()).client;
    const gone = Promise.all([closed(polite), closed(rude)]);
    polite.close(1000);
    rude.terminate();
    await gone;
    while (upgrade.sockets > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(backend.hub.connections).toBe(0);
  });

  it("two hundred times leaves nothing behind", async () => {
    const { join, backend, upgrade } = await createPort();
    for (let count = 0; count < 200; count += 1) {
      const { client } = await join();
      const end = closed(client);
      client.close();
      await end;
    }
    while (upgrade.sockets > 0) await new Promise((resolve) => setImmediate(resolve));
    expect([backend.hub.connections, backend.hub.heldBytes]).toEqual([0, 0]);
  });
});

describe("a reader over the network that is slow", () => {
  it("gets all that it missed when it resumes, as fast as it reads", async () => {
    const { join, backend } = await createPort({ limits: { max_agents: 6_000, min_idle_agents: 0 } });
    const scope = { kind: "all" } as const;
    for (let count = 0; count < 6_000; count += 1)
      backend.engine.agents.create(scope, { agent_type: "aider" });
    const { epoch, seq } = backend.engine.log;
    const resume = { epoch, seq: seq - 6_000 };
    const { client, messages } = await join({}, JSON.stringify({ ...JSON.parse(HELLO), resume }));
    client.pause();
    await new Promise((resolve) => setImmediate(resolve));
    expect(backend.hub.heldBytes).toBe(0);
    client.resume();
    await until(client, "message", () => messages.length > 6_000);
    const seqs = messages.slice(1).map((text) => JSON.parse(text).seq);
    expect(seqs).toEqual(Array.from({ length: 6_000 }, (_, index) => resume.seq + index + 1));
  });

  /** Makes agents and removes them until so many events have happened since a client stopped reading; nobody else is kept waiting. */
  async function outpaced(events: number, eventBuffer: number) {
    const { join, backend } = await createPort({
      limits: { max_agents: 10, event_buffer: eventBuffer },
    });
    const slow = await join();
    const quick = await join();
    slow.client.pause();
    const scope = { kind: "all" } as const;
    for (let made = 500; made <= events; made += 500) {
      for (let count = 0; count < 500; count += 2) {
        const { id } = backend.engine.agents.create(scope, { agent_type: "aider" });
        backend.engine.agents.remove(scope, id);
      }
      await until(quick.client, "message", () => quick.messages.length > made);
      expect(backend.hub.heldBytes).toBeLessThanOrEqual(2 * 1_048_576);
    }
    return { slow, backend };
  }

  it("hears of tasks with the longest prompts and as much free data as may be, one after the other", async () => {
    const { join, backend } = await createPort({ limits: { prompt_max_characters: 100_000 } });
    const { client, messages } = await join();
    let over = false;
    client.on("close", () => (over = true));
    const scope = { kind: "all" } as const;
    const task = {
      prompt: `p${"\u0001".repeat(99_999)}`,
      metadata: { text: "x".repeat(16_000) },
      task_type: "general",
      priority: 1,
      timeout: 600,
    };
    for (let count = 0; count < 4; count += 1) {
      backend.engine.agents.create(scope, { agent_type: "aider" });
      backend.engine.tasks.assign(scope, task);
    }
    const { seq } = backend.engine.log;
    await until(client, "message", () => messages.length > seq);
    const seqs = messages.slice(1).map((text) => JSON.parse(text).seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    expect(over).toBe(false);
  });

  it("gets what waited in the log, where that still has it, and harms nobody", async () => {
    const { slow, backend } = await outpaced(40_000, 100_000);
    // The operating system's own buffers took some megabytes before the hub had to hold anything.
    expect(backend.hub.heldBytes).toBeGreaterThan(900_000);
    slow.client.resume();
    await until(slow.client, "message", () => slow.messages.length > 40_000);
    const seqs = slow.messages.slice(1).map((text) => JSON.parse(text).seq);
    expect(seqs).toEqual(Array.from({ length: 40_000 }, (_, index) => index + 1));
  });

  it("is closed with 4413 where the log has moved on, and harms nobody", async () => {
    const { slow } = await outpaced(40_000, 2_000);
    const end = closed(slow.client);
    slow.client.resume();
    expect(await end).toEqual({ code: 4413, reason: "slow reader: the event log has moved on" });
  });

  it.each(["terminate", "close"] as const)(
    "that asks for much and hangs up at its welcome (%s) costs a few pages, however often it does",
    async (how) => {
      const { connect, backend } = await createPort({ limits: { max_agents: 10 } });
      const scope = { kind: "all" } as const;
      const { id } = backend.engine.agents.create(scope, { agent_type: "aider" });
      for (let x = 0; x < 9_990; x += 1)
        backend.engine.agents.move(scope, { agent_id: id, position: { x, y: 0, z: 0 } });
      const { epoch } = backend.engine.log;
      const after = vi.spyOn(backend.engine.log, "after");
      const hello = JSON.stringify({ ...JSON.parse(HELLO), resume: { epoch, seq: 1 } });
      for (let time = 0; time < 10; time += 1) {
        const client = connect();
        const end = closed(client);
        client.once("message", () => {
          client[how]();
        });
        await opened(client);
        client.send(hello);
        await end;
      }
      while (backend.hub.connections > 0) await new Promise((resolve) => setImmediate(resolve));
      const pages = after.mock.results.map((result) => (result.type === "return" ? result.value.length : 0));
      const read = pages.reduce((sum, events) => sum + events, 0);
      expect(read).toBeLessThan(10 * 2_500);
    },
  );
});

describe("a shutdown", () => {
  it("closes every connection with 1012 and resolves when the last is gone", async () => {
    const { join, upgrade } = await createPort();
    const clients = await Promise.all([join(), join(), join()]);
    const ends = Promise.all(clients.map(({ client }) => closed(client)));
    await upgrade.close();
    expect(upgrade.sockets).toBe(0);
    expect(await ends).toEqual(new Array(3).fill({ code: 1012, reason: "server restarting" }));
  });

  it("cuts those that do not answer after the grace", async () => {
    const { join, upgrade } = await createPort();
    const { client } = await join();
    client.pause();
    await upgrade.close(50);
    expect(upgrade.sockets).toBe(0);
  });

  it("asked for twice is one, and goes on refusing", async () => {
    const { upgrade, port } = await createPort();
    await Promise.all([upgrade.close(), upgrade.close()]);
    expect((await ask(port, "/ws", HANDSHAKE)).status).toBe(503);
  });

  it("with a client that is only half connected ends too", async () => {
    const { connect, upgrade } = await createPort();
    const client = connect();
    const end = closed(client);
    await opened(client);
    await upgrade.close();
    expect((await end).code).toBe(1012);
  });
});
