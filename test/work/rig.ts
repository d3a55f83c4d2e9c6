import { AgentVM } from "../../src/index.js";
import { createMockBackend } from "../../mock-server/index.js";
import type { BackendOptions } from "../../mock-server/index.js";
import { all } from "../domain/support.js";

/** A backend on the manual clock with one aider, and a client of it. */
export async function workRig(options: BackendOptions = {}) {
  const backend = createMockBackend({ seed: 7, clock: "manual", ...options });
  const agentvm = new AgentVM({ ...backend.connection(), clock: backend.wallClock });
  const agent = await agentvm.agents.create("aider");
  return {
    backend,
    agent,
    /** Gives the task to the agent, and gives its id. */
    assign: async (
      prompt = "Fix the jump",
      more: { readonly task_type?: string; readonly timeout?: number } = {},
    ) => (await agentvm.tasks.assign({ prompt, agent_id: agent.id, ...more })).id,
    /** The task as it is now. */
    now: (id: string) => backend.engine.tasks.get(all, id),
    answer: (id: string, answer: { readonly choice?: string; readonly text?: string }) => {
      const question_id = backend.engine.tasks.get(all, id).question?.question_id ?? "none";
      backend.engine.tasks.answer(all, id, { question_id, ...answer });
    },
    /** Lets functions go on until they wait for something. */
    settled: () => new Promise<void>((resolve) => void setImmediate(resolve)),
  };
}
