// A worker of Cloudflare's runtime, whose answer says how the game went.
import { AgentVM } from "oligarchy-agentvm";
import { createMockBackend } from "oligarchy-agentvm/mock";

/** Plays on a backend, and reads what the task wrote as it was written. */
async function play(connection) {
  const agentvm = new AgentVM(connection);
  try {
    await agentvm.connect({ game_name: "Installed" });
    const agent = await agentvm.agents.create("aider");
    const task = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Fix the jump" });
    let written = "";
    for await (const { text } of task.output()) written += text;
    return `${agent.type}: ${written.includes("Fix the jump") ? "worked" : "did nothing"}`;
  } finally {
    await agentvm.close();
  }
}

export default {
  async fetch(request) {
    const endpoint = new URL(request.url).searchParams.get("endpoint");
    const backend = createMockBackend({ seed: 7, clock: { speed: 500 } });
    try {
      const here = await play(backend.connection());
      const there = await play({ endpoint, apiKey: "development-key" });
      return new Response(`${here}, ${there}`);
    } catch (error) {
      return new Response(`${error.stack}`);
    } finally {
      backend.close();
    }
  },
};
