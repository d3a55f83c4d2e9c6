import { afterEach, describe, expect, it, vi } from "vitest";
import {
  Agent,
  EnvHttpProxyAgent,
  fetch as undiciFetch,
  getGlobalDispatcher,
  setGlobalDispatcher,
} from "undici";
import { startMockServer } from "../../mock-server/node.js";
import type { Fetch } from "../../src/index.js";
import { proxyVariables, recordingProxy } from "../lib/recording-proxy.js";
import { nobodyListens } from "./fault-server.js";
import { rejectionOf } from "./time.js";
import { transports } from "./transports.js";

const apiKey = "development-key";

describe.each(transports)("an AgentVM %s, where variables name a proxy", (_name, make) => {
  afterEach(() => vi.unstubAllEnvs());

  it.each(["development", "production"] as const)(
    "goes to this machine past it in %s, with every kind of call",
    async (environment) => {
      await using server = await startMockServer({ port: 0, seed: 7, clock: { speed: 100 } });
      await using proxy = await recordingProxy();
      for (const [name, value] of Object.entries(proxyVariables(proxy.url))) vi.stubEnv(name, value);
      await using agentvm = make({ endpoint: server.url, apiKey, environment, events: true });
      await agentvm.connect();
      expect(agentvm.state.status).toBe("live");
      const { id } = await agentvm.agents.create("aider");
      const task = await agentvm.tasks.assign({ agent_id: id, prompt: "Fix the jump" });
      for await (const _piece of task.output());
      await agentvm.agents.get(id);
      expect(proxy.seen).toEqual([]);
    },
  );

  it("asks it for no server elsewhere either", async () => {
    await using proxy = await recordingProxy();
    for (const [name, value] of Object.entries(proxyVariables(proxy.url))) vi.stubEnv(name, value);
    for (const endpoint of ["http://agentvm.invalid", "https://agentvm.invalid"]) {
      const agentvm = make({ endpoint, apiKey, retries: 0 });
      expect(await rejectionOf(agentvm.agents.get("agent_1"))).toMatchObject({ outcome: "not_sent" });
    }
    const https = (await nobodyListens()).replace("http:", "https:");
    await rejectionOf(make({ endpoint: https, apiKey, retries: 0 }).agents.get("agent_1"));
    expect(proxy.seen).toEqual([]);
  });

  it("goes through the one that its own fetch goes through", async () => {
    await using server = await startMockServer({ port: 0, seed: 7 });
    await using proxy = await recordingProxy();
    const dispatcher = new EnvHttpProxyAgent({ httpProxy: proxy.url });
    const fetch: Fetch = (input, init) =>
      Reflect.apply(undiciFetch, undefined, [input, { ...init, dispatcher }]);
    await make({ endpoint: server.url, apiKey, fetch }).agents.list();
    await dispatcher.close();
    expect(proxy.seen).toEqual([expect.stringContaining(new URL(server.url).host)]);
  });

  it("goes through the one that was set for every fetch of the process", async () => {
    await using server = await startMockServer({ port: 0, seed: 7 });
    await using proxy = await recordingProxy();
    const before = getGlobalDispatcher();
    const dispatcher = new EnvHttpProxyAgent({ httpProxy: proxy.url });
    setGlobalDispatcher(dispatcher);
    try {
      await make({ endpoint: server.url, apiKey }).agents.list();
    } finally {
      setGlobalDispatcher(before instanceof Agent ? before : new Agent());
      await dispatcher.close();
    }
    expect(proxy.seen).toEqual([expect.stringContaining(new URL(server.url).host)]);
  });
});
