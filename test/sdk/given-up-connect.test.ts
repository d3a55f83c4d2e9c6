import { afterEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";
import { startMockServer } from "../../mock-server/node.js";
import { CancelledError } from "../../src/index.js";
import { rejectionOf } from "./time.js";
import { waysToBackend } from "./transports.js";
import type { AnyAgentVM } from "./transports.js";

describe.each(waysToBackend)("a connect that is given up by an AgentVM %s", (_name, make) => {
  let backend: MockBackend;
  let agentvm: AnyAgentVM;
  const begin = () => {
    backend = createMockBackend({ seed: 3 });
    agentvm = make(backend.connection());
  };
  const sessions = () => backend.engine.counts().sessions;

  afterEach(async () => {
    await agentvm.close();
    backend.close();
  });

  it("is over once the disconnect is, and leaves no session behind", async () => {
    begin();
    const connecting = agentvm.connect();
    await agentvm.game.disconnect();
    expect(await rejectionOf(connecting)).toBeInstanceOf(CancelledError);
    expect(agentvm.state.status).toBe("idle");
    expect(agentvm.gameId).toBeNull();
    expect(sessions()).toBe(0);
  });

  it("is over while it waits for the event stream too", async () => {
    begin();
    const connecting = agentvm.connect();
    while (agentvm.gameId === null) await new Promise((resolve) => setImmediate(resolve));
    await agentvm.game.disconnect();
    // It may have been quick enough.
    await connecting.catch((error: unknown) => expect(error).toBeInstanceOf(CancelledError));
    expect(agentvm.state.status).toBe("idle");
    expect(sessions()).toBe(0);
  });

  it("leaves the session of the connect that came after the disconnect, and that alone", async () => {
    begin();
    const first = rejectionOf(agentvm.connect());
    const disconnecting = agentvm.game.disconnect();
    const session = await agentvm.connect();
    await disconnecting;
    expect(await first).toBeInstanceOf(CancelledError);
    expect(agentvm.state.status).toBe("live");
    expect(agentvm.gameId).toBe(session.game_id);
    expect(sessions()).toBe(1);
  });

  it("gives way to another connect", async () => {
    begin();
    const first = rejectionOf(agentvm.connect({ game_id: "one" }));
    await agentvm.connect({ game_id: "two" });
    expect(await first).toBeInstanceOf(CancelledError);
    expect(agentvm.gameId).toBe("two");
    expect(sessions()).toBe(1);
  });

  it("is not held against one who disconnects where there was nothing", async () => {
    begin();
    expect(await rejectionOf(agentvm.game.disconnect())).toMatchObject({ code: "no_session" });
    await agentvm.connect();
    expect(agentvm.state.status).toBe("live");
  });
});

describe("a connect that is given up over a network", () => {
  it("leaves no session behind either", async () => {
    const server = await startMockServer({ port: 0 });
    const { AgentVM } = await import("../../src/slim.js");
    const agentvm = new AgentVM({ endpoint: server.url, apiKey: "development-key" });
    const connecting = agentvm.connect();
    await agentvm.game.disconnect();
    expect(await rejectionOf(connecting)).toBeInstanceOf(CancelledError);
    expect((await agentvm.system.status()).sessions).toBe(0);
    await agentvm.close();
    await server.close();
  });
});
