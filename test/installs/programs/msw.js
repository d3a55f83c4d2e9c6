// The backend behind a service worker: the game calls a server's address, and MSW answers.
import { setupWorker } from "msw/browser";
import { AgentVM } from "oligarchy-agentvm";
import { createMockBackend } from "oligarchy-agentvm/mock";
import { createHandlers } from "oligarchy-agentvm/mock/msw";

const endpoint = "https://agents.example.com";
const backend = createMockBackend({ seed: 7, clock: { speed: 500 } });
const worker = setupWorker(...createHandlers(backend, { endpoint }));
await worker.start({ quiet: true });

const agentvm = new AgentVM({ endpoint, apiKey: "development-key" });
await agentvm.connect({ game_name: "Installed" });
const agent = await agentvm.agents.create("aider");
const task = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Fix the jump" });
const { output } = await task.result();
document.title = `${agent.type}: ${output.includes("Fix the jump") ? "worked" : "did nothing"}, ${agentvm.state.status}`;
