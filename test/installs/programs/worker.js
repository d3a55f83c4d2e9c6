// The game in a worker: its page hears what came of it.
import { AgentVM } from "oligarchy-agentvm/slim";
import { createMockBackend } from "oligarchy-agentvm/mock";

const backend = createMockBackend({ seed: 7, clock: { speed: 500 } });
const agentvm = new AgentVM(backend.connection());
await agentvm.connect({ game_name: "Installed" });
const agent = await agentvm.agents.create("aider");
const task = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Fix the jump" });
const { output } = await task.result();
await agentvm.close();
backend.close();
postMessage(`${agent.type}: ${output.includes("Fix the jump") ? "worked" : "did nothing"}`);
