import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import { AgentVM } from "../../src/slim.js";
import type { Fetch } from "../../src/index.js";
import { connectAnswer, urlOf } from "./scripted-fetch.js";
import { manualClock, settle } from "./time.js";
import { transports } from "./transports.js";
import type { AnyAgentVM } from "./transports.js";

let scope: EventTarget;
let listeners: number;

beforeEach(() => {
  scope = new EventTarget();
  listeners = 0;
  vi.stubGlobal("document", new EventTarget());
  vi.stubGlobal("addEventListener", (...listening: Parameters<EventTarget["addEventListener"]>) => {
    if (listening[0] === "pagehide") listeners += 1;
    scope.addEventListener(...listening);
  });
  vi.stubGlobal("removeEventListener", (...listening: Parameters<EventTarget["removeEventListener"]>) => {
    if (listening[0] === "pagehide") listeners -= 1;
    scope.removeEventListener(...listening);
  });
});
afterEach(() => vi.unstubAllGlobals());

const leave = () => scope.dispatchEvent(Object.assign(new Event("pagehide"), { persisted: false }));

describe.each(transports)("an AgentVM %s in a page that goes away", (_name, make) => {
  /** A server that takes everything, and what it was asked. */
  function taking() {
    const asked: { path: string; keepalive: boolean | undefined; token: string | null }[] = [];
    const fetch: Fetch = (input, init) => {
      const token = new Headers(init?.headers).get("authorization");
      asked.push({ path: new URL(urlOf(input)).pathname, keepalive: init?.keepalive, token });
      return Promise.resolve(new Response(JSON.stringify(connectAnswer)));
    };
    return { asked, fetch };
  }

  it("says goodbye in a request that outlives the page", async () => {
    const { asked, fetch } = taking();
    const agentvm = make({ fetch, apiKey: "the-key" });
    await agentvm.connect();
    leave();
    await settle();
    expect(asked).toEqual([
      { path: "/game/connect", keepalive: undefined, token: null },
      { path: "/game/disconnect", keepalive: true, token: "Bearer token_1" },
    ]);
    await agentvm.close();
  });

  /** A client in a page that has said goodbye and is told that its session is over, while it asks something. */
  async function told(): Promise<{
    clock: ReturnType<typeof manualClock>;
    paths: () => string[];
    agentvm: AnyAgentVM;
  }> {
    const { asked, fetch } = taking();
    const clock = manualClock();
    const error = { success: false, error: "The session is over.", code: "session_expired", request_id: "r" };
    const agentvm = make({
      apiKey: "the-key",
      clock,
      fetch: async (input, init) => {
        const answer = await fetch(input, init);
        const [last] = asked.slice(-1);
        return last?.path === "/system/status"
          ? new Response(JSON.stringify(error), { status: 401 })
          : answer;
      },
    });
    await agentvm.connect();
    leave();
    void agentvm.system.status().catch(() => undefined);
    await vi.waitFor(() => expect(asked).toHaveLength(3));
    await settle();
    return { clock, paths: () => asked.map(({ path }) => path), agentvm };
  }

  it("opens no other session in its last moment, when the server lets go of the one that it ended", async () => {
    const { paths, agentvm } = await told();
    expect(paths()).toEqual(["/game/connect", "/game/disconnect", "/system/status"]);
    await agentvm.close();
  });

  it("plays on by a session of its own when it has stayed after all", async () => {
    const { clock, paths, agentvm } = await told();
    await vi.waitFor(() => {
      clock.advance(1_000);
      expect(paths()[3]).toBe("/game/connect");
    });
    await agentvm.close();
  });

  it.each([
    ["was never connected", () => Promise.resolve()],
    ["has disconnected", (agentvm: AnyAgentVM) => agentvm.connect().then(() => agentvm.game.disconnect())],
    ["was closed", (agentvm: AnyAgentVM) => agentvm.connect().then(() => agentvm.close())],
  ])("says nothing more where it %s, and listens to nothing", async (_what, before) => {
    const { asked, fetch } = taking();
    const agentvm = make({ fetch });
    await before(agentvm);
    const said = asked.length;
    leave();
    await settle();
    expect(asked).toHaveLength(said);
    expect(listeners).toBe(0);
    await agentvm.close();
  });

  it("listens once, however often it connects", async () => {
    const { fetch } = taking();
    const agentvm = make({ fetch });
    await agentvm.connect();
    await agentvm.connect();
    expect(listeners).toBe(1);
    await agentvm.close();
    expect(listeners).toBe(0);
  });
});

it("a backend in the page, which goes with it and may be saved, is told nothing", async () => {
  const backend = createMockBackend({ seed: 1 });
  const agentvm = new AgentVM({ ...backend.connection(), events: false });
  await agentvm.connect();
  leave();
  await settle();
  expect(backend.engine.counts().sessions).toBe(1);
  await agentvm.close();
  backend.close();
});
