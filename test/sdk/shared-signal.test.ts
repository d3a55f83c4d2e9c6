import { getEventListeners } from "node:events";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import { startMockServer } from "../../mock-server/node.js";
import { AgentVM } from "../../src/index.js";
import { AgentVM as Slim } from "../../src/slim.js";

// A game may end all that it does by one signal. Node takes more than ten listeners of one for a leak, and writes a warning.
const MANY = 60;

const warnings: string[] = [];
const note = ({ name }: Error): void => {
  warnings.push(name);
};

beforeEach(() => {
  warnings.length = 0;
  process.on("warning", note);
});

afterEach(() => {
  process.off("warning", note);
});

/** Does it many times with one signal, and then again with one that is aborted while all of it is under way. */
async function many(once: (signal: AbortSignal) => unknown): Promise<void> {
  const used = new AbortController();
  await Promise.all(Array.from({ length: MANY }, () => once(used.signal)));
  const aborted = new AbortController();
  const ended = Array.from({ length: MANY }, () => once(aborted.signal));
  aborted.abort();
  await Promise.allSettled(ended);
  await setImmediate();
  expect(warnings).toEqual([]);
  expect(getEventListeners(used.signal, "abort")).toEqual([]);
  expect(getEventListeners(aborted.signal, "abort")).toEqual([]);
}

describe("one signal for many", () => {
  it.each([
    ["axios", AgentVM],
    ["fetch", Slim],
  ])("calls over %s warns of nothing and leaves no listener", async (_how, Client) => {
    const server = await startMockServer({ port: 0 });
    const agentvm = new Client({ endpoint: server.url, apiKey: "development-key" });
    try {
      await many((signal) => agentvm.agents.list({}, { signal }));
    } finally {
      await agentvm.close();
      await server.close();
    }
  });

  it("waits for tasks and their output, listeners and pools warns of nothing and leaves no listener", async () => {
    const backend = createMockBackend({ seed: 7, clock: { speed: 500 }, limits: { max_agents: MANY * 3 } });
    const agentvm = new AgentVM(backend.connection());
    try {
      await agentvm.connect();
      const agent = await agentvm.agents.create("aider");
      const task = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Fix the jump" });
      await many((signal) => task.result({ signal, timeoutMs: 60_000 }));
      await many((signal) => agentvm.tasks.handle(task.id).result({ signal }));
      await many(async (signal) => {
        for await (const _line of task.output(0, { signal }));
      });
      await many((signal) => new Response(task.outputStream(0, { signal })).text());
      await many((signal) => task.outputStream(0, { signal }).cancel());
      await many((signal) => agentvm.on("agent.moved", () => undefined, { signal })());
      await many((signal) => agentvm.events({ signal }).return?.());
      const pool = await agentvm.pool({ type: "claude", max: 1 });
      await many((signal) => pool.acquire({ signal }).then((held) => held.release()));
    } finally {
      await agentvm.close();
      backend.close();
    }
  });

  it("requests to a backend in the page warns of nothing and leaves no listener", async () => {
    const backend = createMockBackend({ seed: 7 });
    const { endpoint, apiKey, fetch } = backend.connection();
    const headers = { "x-api-key": apiKey };
    await many(async (signal) => (await fetch(`${endpoint}/agents`, { headers, signal })).text());
    backend.close();
  });
});
