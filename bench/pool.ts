import { AgentVM } from "oligarchy-agentvm/slim";
import { median } from "./measure.js";
import type { Report } from "./report.js";
import { startAgentvm } from "./servers.js";

const TASKS = 1_000;
const AGENTS = 20;
const ROUNDS = 3;

/** Work passes so fast that what is measured is the giving out of it. */
const SPEED = "10000";

/** A pool of agents, beside an agent that is created for each task and removed after it, on a server over HTTP. */
export async function benchPool(report: Report): Promise<void> {
  const server = await startAgentvm(["--max-agents", String(2 * AGENTS), "--speed", SPEED]);
  const agentvm = new AgentVM({ endpoint: server.url, apiKey: "development-key" });
  await agentvm.connect({ game_name: "Bench" });
  const pooled: number[] = [];
  const alone: number[] = [];
  let created = 0;
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const pool = await agentvm.pool({ type: "aider", max: AGENTS });
      pooled.push(
        await timeOf(() => Promise.all(Array.from({ length: TASKS }, (_, task) => pool.run(`Task ${task}`)))),
      );
      created = Math.max(created, pool.stats.created);
      await pool.close();
      alone.push(await timeOf(() => createRunRemove(agentvm)));
    }
  } finally {
    await agentvm.close();
    await server.stop();
  }

  const factor = median(alone.map((ms, round) => ms / (pooled[round] ?? Number.NaN)));
  report.section(`${TASKS} tasks, ${AGENTS} at a time, over HTTP: median of ${ROUNDS} rounds`);
  report.table(
    ["way", "ms", "agents created"],
    [
      ["agentvm.pool", Math.round(median(pooled)), created],
      ["create, run, remove", Math.round(median(alone)), TASKS],
    ],
  );
  report.want("create-run-remove to the pool, in time", factor, { atLeast: 1 });
  report.want(`agents that a pool of ${AGENTS} created for ${TASKS} tasks`, created, { atMost: AGENTS });
}

/** As many workers as the pool has agents, each making itself an agent for every task. */
async function createRunRemove(agentvm: AgentVM): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < TASKS) {
      const task = next++;
      const agent = await agentvm.agents.create("aider");
      await (await agentvm.tasks.assign({ agent_id: agent.id, prompt: `Task ${task}` })).result();
      await agentvm.agents.remove(agent.id);
    }
  };
  await Promise.all(Array.from({ length: AGENTS }, worker));
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
