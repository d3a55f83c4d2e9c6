import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../../mock-server/index.js";
import type { MockBackend } from "../../../mock-server/index.js";
import { DIRECT } from "../../../src/contract/index.js";
import type { AnyEvent, DirectSocket } from "../../../src/contract/index.js";
import { AgentVM } from "../../../src/slim.js";
import type { LogEvent } from "../../../src/index.js";
import { loadLateCode } from "../../lib/late-code.js";
import { settle } from "../client/support/virtual-clock.js";

/** A socket class, and all events that it hands over as they are. */
function witnessed(backend: MockBackend) {
  const handed: AnyEvent[] = [];
  class Witnessed extends backend.WebSocket {
    declare readonly [DIRECT]: DirectSocket;

    constructor(url: string | URL) {
      super(url);
      let take: DirectSocket["onevents"] = null;
      Object.defineProperty(this[DIRECT], "onevents", {
        get: (): DirectSocket["onevents"] => (events, prev) => {
          handed.push(...events);
          take?.(events, prev);
        },
        set: (taker: DirectSocket["onevents"]) => (take = taker),
      });
    }
  }
  return { handed, WebSocket: Witnessed };
}

/** All that a socket class hands to those who listen for messages. */
function overheard(backend: MockBackend) {
  const texts: string[] = [];
  class Overheard extends backend.WebSocket {
    constructor(url: string | URL) {
      super(url);
      this.addEventListener("message", ({ data }) => texts.push(String(data)));
    }
  }
  return { texts, WebSocket: Overheard };
}

describe("a client and a backend in the same page", () => {
  let backend: MockBackend;
  let agentvm: AgentVM;
  let texts: string[];
  const heard: LogEvent[] = [];

  beforeEach(async () => {
    await loadLateCode();
    backend = createMockBackend({ seed: 1, clock: "manual" });
    const { WebSocket, texts: told } = overheard(backend);
    texts = told;
    heard.length = 0;
    agentvm = new AgentVM({ ...backend.connection(), clock: backend.clock, WebSocket });
    await agentvm.connect({ game_name: "My game" });
    agentvm.on("*", (event) => {
      if (event.type !== "gap") heard.push(event);
    });
  });

  afterEach(async () => {
    await agentvm.close();
    backend.close();
  });

  async function turns(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await settle();
  }

  it("write no event as text, whether it stands in the stream or beside it", async () => {
    const { id } = await agentvm.agents.create("aider");
    agentvm.agents.setViewer({ x: 0, y: 0, z: 0 });
    await turns();
    await agentvm.agents.move(id, { x: 1, y: 0, z: 0 });
    backend.clock.advance(100);
    await turns();
    expect(heard.map(({ type }) => type)).toEqual(["agent.created", "agent.moved"]);
    expect(texts.filter((text) => /"agent\.|"latest"/.test(text))).toEqual([]);
  });

  it("hand nothing over beside the stream that nobody listens to", async () => {
    const { WebSocket, handed } = witnessed(backend);
    const quiet = new AgentVM({ ...backend.connection(), clock: backend.clock, WebSocket });
    await quiet.connect({ game_id: agentvm.gameId ?? "" });
    const { id } = await quiet.agents.create("aider");
    quiet.agents.setViewer({ x: 0, y: 0, z: 0 });
    await turns();
    const moveTo = async (x: number): Promise<void> => {
      await quiet.agents.move(id, { x, y: 0, z: 0 });
      backend.clock.advance(500);
      await turns();
    };
    await moveTo(1);
    expect(handed.map(({ type }) => type)).toEqual(["agent.created"]);
    const places: number[] = [];
    const undo = quiet.on("agent.moved", ({ data }) => places.push(data.position.x));
    await moveTo(2);
    undo();
    await moveTo(3);
    expect(places).toEqual([2]);
    expect(handed.map(({ type }) => type)).toEqual(["agent.created", "agent.moved"]);
    await quiet.close();
  });

  it("keep the events apart: what a listener does to its own is not in the log", async () => {
    agentvm.on("agent.created", ({ data }) => {
      data.agent.name = "Mallory";
      data.agent.position.x = 99;
    });
    agentvm.on("agent.moved", ({ data }) => (data.position.x = 99));
    const { id, name } = await agentvm.agents.create("aider");
    await agentvm.agents.move(id, { x: 1, y: 0, z: 0 });
    await turns();
    const log = backend.engine.log.after({ kind: "all" }, 0);
    expect(log).toMatchObject([{ type: "agent.created", data: { agent: { name, position: { x: 0 } } } }]);
    const moves = backend.engine.agents.movedSince({ kind: "all" }, 0);
    expect(moves).toMatchObject([{ type: "agent.moved", data: { position: { x: 1 } } }]);
    expect(await agentvm.agents.get(id)).toMatchObject({ name, position: { x: 1 } });
  });

  it("leave a socket that is used by itself its messages", async () => {
    const { endpoint, apiKey } = backend.connection();
    const messages: string[] = [];
    const socket = new backend.WebSocket(`${endpoint.replace("http", "ws")}/ws`);
    socket.onmessage = ({ data }) => messages.push(String(data));
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", protocol: 1, api_key: apiKey }));
    await turns();
    const { id } = await agentvm.agents.create("aider");
    await turns();
    const last: unknown = JSON.parse(messages.at(-1) ?? "null");
    expect(last).toMatchObject({ type: "agent.created", data: { agent: { id } } });
    socket.close();
  });
});
