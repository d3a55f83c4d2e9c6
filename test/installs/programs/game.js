// A small game as somebody would write it who has read the first lines of the README.
import { AgentVM } from "oligarchy-agentvm";
import { createMockBackend } from "oligarchy-agentvm/mock";

const backend = createMockBackend({ seed: 7, clock: { speed: 500 } });
const agentvm = new AgentVM(backend.connection());
await agentvm.connect({ game_name: "Installed" });
const agent = await agentvm.agents.create("aider");
agentvm.agents.move(agent.id, { x: 1, y: 0, z: 2 });
await agentvm.agents.flushMoves();
const task = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Fix the jump" });
const { output } = await task.result();
await agentvm.close();
backend.close();
const said = `${agent.type}: ${output.includes("Fix the jump") ? "worked" : "did nothing"}`;
if (typeof document === "undefined") console.log(said);
else document.title = said;
