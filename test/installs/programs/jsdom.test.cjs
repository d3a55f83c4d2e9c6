// A game's tests in a page of jsdom, which has no fetch, TextEncoder, ReadableStream or structuredClone, or of happy-dom, which has them.
const { AgentVM, ConfigError } = require("oligarchy-agentvm");
const { AgentVM: Slim } = require("oligarchy-agentvm/slim");
const { createMockBackend } = require("oligarchy-agentvm/mock");

test.each([
  ["axios", AgentVM],
  ["fetch", Slim],
])("a game is played over %s", async (_how, Client) => {
  const backend = createMockBackend({ seed: 7, clock: { speed: 500 } });
  const agentvm = new Client(backend.connection());
  await agentvm.connect({ game_name: "Installed" });
  expect(agentvm.state.status).toBe("live");
  const agent = await agentvm.agents.create("aider");
  const task = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Fix the jump" });
  expect((await task.result()).output).toContain("Fix the jump");
  if (typeof TextDecoder === "undefined") {
    const error = await task
      .output()
      .next()
      .catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toMatch(/this runtime has no \w+\.$/);
  } else {
    expect((await task.output().next()).value.text).not.toBe("");
  }
  await agentvm.close();
  backend.close();
});

test.each([
  ["axios", AgentVM],
  ["fetch", Slim],
])("over %s a server is out of reach without fetch, which the error says", async (_how, Client) => {
  if (typeof fetch !== "undefined") return;
  const agentvm = new Client({ endpoint: "http://localhost:9" });
  const error = await agentvm.system.health().catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  expect(error.message).toContain("this runtime has no fetch.");
});
