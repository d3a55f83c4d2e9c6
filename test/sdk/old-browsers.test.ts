import { afterEach, describe, expect, it, vi } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import { AgentVM } from "../../src/slim.js";

// What the oldest browsers of this package do not have, and the runtime of these tests does.
const canParse = Object.getOwnPropertyDescriptor(URL, "canParse");
const throwIfAborted = Object.getOwnPropertyDescriptor(AbortSignal.prototype, "throwIfAborted");

afterEach(() => {
  vi.unstubAllGlobals();
  Object.defineProperty(URL, "canParse", canParse ?? {});
  Object.defineProperty(AbortSignal.prototype, "throwIfAborted", throwIfAborted ?? {});
});

describe("where URL.canParse, structuredClone and throwIfAborted are not known", () => {
  it("a game is connected, hears its events, and has its task done", async () => {
    Reflect.deleteProperty(URL, "canParse");
    Reflect.deleteProperty(AbortSignal.prototype, "throwIfAborted");
    vi.stubGlobal("structuredClone", undefined);
    const backend = createMockBackend({ seed: 7, clock: { speed: 500 } });
    const agentvm = new AgentVM(backend.connection());
    try {
      await agentvm.connect({ game_name: "Old" });
      expect(agentvm.state.status).toBe("live");
      const heard = new Promise<string>((resolve) => {
        agentvm.once("task.assigned", ({ data }) => resolve(data.task.id));
      });
      const metadata = { seat: [1, { window: true }] };
      const agent = await agentvm.agents.create({ agent_type: "aider", metadata });
      expect((await agentvm.agents.get(agent.id)).metadata).toEqual(metadata);
      const task = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Fix the jump" });
      expect((await task.result()).output).toContain("Fix the jump");
      expect(await heard).toBe(task.id);
    } finally {
      await agentvm.close();
      backend.close();
    }
  });
});
