import { AgentVM } from "oligarchy-agentvm/slim";
import { createMockBackend } from "oligarchy-agentvm/mock";

/** A client of the server that `?server=` names, else of a backend in this page, whose agents ask before they touch the jump. */
export function makeClient(): AgentVM {
  const server = new URLSearchParams(location.search).get("server");
  if (server !== null) return new AgentVM({ endpoint: server, apiKey: "development-key" });
  const backend = createMockBackend({
    simulation: { failureRate: 0, seconds: [6, 12] },
    scripts: [
      {
        prompt: "jump",
        takes: 4,
        asks: { kind: "permission", text: "May I change player.ts?" },
        changes: { files: [{ path: "player.ts", insertions: 1, deletions: 1 }] },
        output: "patched player.ts",
      },
    ],
  });
  return new AgentVM({ ...backend.connection() });
}
