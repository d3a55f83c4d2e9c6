// The same over a real port: what only Node and its like can do.
import { AgentVM } from "oligarchy-agentvm/slim";
import { startMockServer } from "oligarchy-agentvm/mock/node";

const server = await startMockServer({ port: 0, clock: { speed: 500 } });
const agentvm = new AgentVM({ endpoint: server.url, apiKey: "development-key" });
await agentvm.connect({ game_name: "Installed" });
const agent = await agentvm.agents.create("claude");
const task = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Fix the jump" });
const { output } = await task.result();
console.log(
  `${agent.type}: ${output.includes("Fix the jump") ? "worked" : "did nothing"}, ${agentvm.state.status}`,
);
await agentvm.close();
await server.close();
