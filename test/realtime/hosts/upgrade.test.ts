import { connect as connectRaw } from "node:net";
import { describe, expect, it } from "vitest";
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
    const { port } = await createPort({}, corsOrigins === undefined ? {} : { corsOrigins });
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

  it("is closed with 4413 and harms nobody", async () => {
    const { join, backend } = await createPort({ limits: { max_agents: 60_000, event_buffer: 100_000 } });
    const slow = await join();
    const quick = await join();
    slow.client.pause();
    const scope = { kind: "all" } as const;
    let made = 0;
    // The operating system's own buffers take some megabytes before the hub has to hold anything.
    while (backend.hub.clients > 1 && made < 60_000) {
      for (let count = 0; count < 500; count += 1)
        backend.engine.agents.create(scope, { agent_type: "aider" });
      made += 500;
      await until(quick.client, "message", () => quick.messages.length > made);
      expect(backend.hub.heldBytes).toBeLessThanOrEqual(2 * 1_048_576);
    }
    const end = closed(slow.client);
    slow.client.resume();
    expect(await end).toEqual({ code: 4413, reason: "slow reader: more than 1048576 bytes wait" });
    expect(quick.messages).toHaveLength(made + 1);
  });
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
