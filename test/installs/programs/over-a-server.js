// A game on a server, in a page; the test writes where the server is.
import { AgentVM } from "oligarchy-agentvm";
import { endpoint } from "./endpoint.js";

const agentvm = new AgentVM({ endpoint, apiKey: "development-key" });
await agentvm.connect({ game_name: "Installed" });
const agent = await agentvm.agents.create("aider");
const task = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Fix the jump" });
let written = "";
for await (const { text } of task.output()) written += text;
document.title = `${agent.type}: ${written.includes("Fix the jump") ? "worked" : "did nothing"}, ${agentvm.state.status}`;
