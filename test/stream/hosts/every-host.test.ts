import { describe, expect, it, onTestFinished } from "vitest";
import { WebSocket as WsWebSocket } from "ws";
import { closeCodes, eventFrameSchema, welcomeSchema } from "../../../src/contract/index.js";
import type { Backend } from "../../../mock-server/backend.js";
import { createMockBackend, IN_PAGE_ENDPOINT } from "../../../mock-server/hosts/in-page/index.js";
import { startMockServer } from "../../../mock-server/hosts/node/index.js";
import { read } from "../../lib/read.js";

type Json = ReturnType<typeof JSON.parse>;

/** What a client needs of a WebSocket class; each host has its own. */
type SocketClass = new (url: string) => Pick<WebSocket, "send" | "close" | "readyState"> & {
  addEventListener(type: "open" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
  addEventListener(
    type: "close",
    listener: (event: { code: number; reason: string; wasClean: boolean }) => void,
  ): void;
};

interface Place {
  readonly backend: Backend;
  readonly url: string;
  readonly Socket: SocketClass;
}

async function onPort(Socket: SocketClass): Promise<Place> {
  const server = await startMockServer({ port: 0, seed: 1, limits: { max_agents: 50 } });
  onTestFinished(() => server.close({ graceMs: 200 }));
  return { backend: server.backend, url: server.websocketUrl, Socket };
}

const hosts: [string, () => Promise<Place>][] = [
  [
    "in the page",
    async () => {
      const backend = createMockBackend({ seed: 1, limits: { max_agents: 50 } });
      onTestFinished(() => {
        backend.close();
      });
      return { backend, url: `${IN_PAGE_ENDPOINT.replace("http", "ws")}/ws`, Socket: backend.WebSocket };
    },
  ],
  ["on a port, with ws", () => onPort(WsWebSocket)],
  // Node 22 and later have one of their own.
  ...(typeof WebSocket === "undefined"
    ? []
    : [
        ["on a port, with the platform's WebSocket", () => onPort(WebSocket)] satisfies [
          string,
          () => Promise<Place>,
        ],
      ]),
];

class Client {
  readonly frames: Json[] = [];
  closed: { code: number; reason: string; wasClean: boolean } | null = null;
  readonly socket: InstanceType<SocketClass>;
  #changed: () => void = () => undefined;

  constructor({ url, Socket }: Place, hello: object | null) {
    this.socket = new Socket(url);
    this.socket.addEventListener("open", () => {
      if (hello !== null) this.say({ type: "hello", protocol: 1, ...hello });
      this.#changed();
    });
    this.socket.addEventListener("message", ({ data }) => {
      this.frames.push(JSON.parse(String(data)));
      this.#changed();
    });
    this.socket.addEventListener("close", ({ code, reason, wasClean }) => {
      this.closed = { code, reason, wasClean };
      this.#changed();
    });
  }

  say(frame: unknown): void {
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  /** Waits from one thing that the socket tells to the next until something holds. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (this.#changed = resolve));
  }

  async welcomed(): Promise<Json> {
    await this.until(() => this.frames.length > 0);
    return read(welcomeSchema, this.frames[0]);
  }

  get events(): Json[] {
    return this.frames.filter((frame) => "prev" in frame).map((frame) => read(eventFrameSchema, frame));
  }

  async left(): Promise<{ code: number; reason: string; wasClean: boolean } | null> {
    await this.until(() => this.closed !== null);
    return this.closed;
  }
}

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
