// Every entry for pages, as a strict program uses its types.
import { AgentVM, AgentVMError, NotFoundError, isNotFoundError } from "oligarchy-agentvm";
import type { Agent, AgentPool, EventOf, TaskResult } from "oligarchy-agentvm";
import { AgentVM as Slim } from "oligarchy-agentvm/slim";
import { createMockBackend } from "oligarchy-agentvm/mock";
import { mountConsole } from "oligarchy-agentvm/mock/console";
import type { MountedConsole } from "oligarchy-agentvm/mock/console";
import { createHandlers } from "oligarchy-agentvm/mock/msw";

const backend = createMockBackend({ seed: 7 });
const agentvm: AgentVM = new AgentVM(backend.connection());
const slim = new Slim({ endpoint: "https://example.com", apiKey: "k" });

export async function play(): Promise<TaskResult> {
  const agent: Agent = await agentvm.agents.create("aider");
  agentvm.on("agent.moved", (event: EventOf<"agent.moved">) => event.data.position.x.toFixed());
  const pool: AgentPool = await slim.pool({ type: "claude", max: 2 });
  try {
    return await pool.run({ prompt: "Fix the jump", task_type: "debugging" });
  } catch (error) {
    if (isNotFoundError(error)) console.log(error.remediation, agent.id);
    throw error instanceof AgentVMError ? error : new Error("unknown");
  }
}

export async function once(): Promise<string> {
  await using mine = createMockBackend();
  await using client = new AgentVM(mine.connection());
  using held = await (await client.pool({ type: "aider", max: 1 })).acquire();
  return held.id;
}

/** What `instanceof` leaves of a thrown thing. */
export const codeOf = (error: unknown): string => (error instanceof NotFoundError ? error.code : "");

export const overlay: MountedConsole = mountConsole(backend, {
  corner: "top-left",
  theme: "dark",
  parent: document.body,
});
// @ts-expect-error -- a corner that there is not
mountConsole(backend, { corner: "middle" });

export const handlers = createHandlers(backend);

// @ts-expect-error -- an option that there is not
new AgentVM({ endpiont: "https://example.com" });
// @ts-expect-error -- a state that no agent has
void agentvm.agents.list({ state: "asleep" });
