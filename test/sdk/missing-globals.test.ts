import { afterEach, describe, expect, it, vi } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import { AgentVM, ConfigError } from "../../src/slim.js";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Takes a global away, as a page of jsdom lacks most of what pages have. */
function without(name: string): void {
  vi.stubGlobal(name, undefined);
  Reflect.deleteProperty(globalThis, name);
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}

describe("a runtime that lacks a global", () => {
  it("is told of fetch when the first call wants it", async () => {
    without("fetch");
    const agentvm = new AgentVM({ endpoint: "http://localhost:9" });
    const error = await errorOf(agentvm.system.health());
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      code: "missing_global",
      message: "GET /health: this runtime has no fetch.",
    });
    expect(error).toHaveProperty("remediation", expect.stringContaining("option fetch"));
  });

  it.each(["TextDecoder", "TextEncoder"])("is told of %s when output is read", async (name) => {
    const backend = createMockBackend({ seed: 7, clock: { speed: 500 } });
    const agentvm = new AgentVM(backend.connection());
    const agent = await agentvm.agents.create("aider");
    const task = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Fix the jump" });
    await task.result();
    without(name);
    const error = await errorOf(task.output().next());
    expect(error).toMatchObject({ code: "missing_global", message: expect.stringContaining(`no ${name}.`) });
    await agentvm.close();
    backend.close();
  });

  it("is told of ReadableStream when a stream is wanted", async () => {
    without("ReadableStream");
    const agentvm = new AgentVM({ endpoint: "http://localhost:9" });
    expect(() => agentvm.tasks.outputStream("task_1")).toThrow(
      expect.objectContaining({
        code: "missing_global",
        message: "outputStream: this runtime has no ReadableStream.",
      }),
    );
    await agentvm.close();
  });
});
