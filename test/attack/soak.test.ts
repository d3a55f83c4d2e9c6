import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { quantile } from "../../bench/measure.js";
import { AgentVM } from "../../src/slim.js";
import { startServe } from "../stream/faults/serve-process.js";
import type { ServeProcess } from "../stream/faults/serve-process.js";
import { startAttacker } from "./attacker-process.js";

/** What somebody who plays saw. */
interface Played {
  readonly gaps: number;
  readonly errors: readonly unknown[];
  /** Events that did not follow on the one before. */
  readonly tasks: { readonly given: number; readonly ended: number };
  readonly agents: number;
  readonly arrived: number;
  readonly drops: number;
  /** Milliseconds that `GET /health` took, in order. */
  readonly health: readonly number[];
}

/** Plays as a game does until so many seconds of the server's clock have passed: agents walk, get tasks, and finish them. */
async function play(url: string, seconds: number): Promise<Played> {
  const agentvm = new AgentVM({ endpoint: url, apiKey: "development-key", retries: 0 });
  const seen = { gaps: 0, drops: 0, ended: 0, errors: [] as unknown[], health: [] as number[] };
  agentvm.on("gap", () => (seen.gaps += 1));
  agentvm.on("error", (error) => seen.errors.push(error));
  agentvm.on("connection", ({ previous, current }) => {
    if (previous.status === "live" && current.status === "waiting") seen.drops += 1;
  });
  const end = () => (seen.ended += 1);
  agentvm.on("task.completed", end);
  agentvm.on("task.failed", end);
  await agentvm.connect({ game_name: "The player" });
  const view = agentvm.agents.live();
  const agents = await Promise.all(
    ["aider", "claude", "opencode"].map((type) => agentvm.agents.create(type)),
  );
  const now = async () => {
    const before = performance.now();
    const { timestamp } = await agentvm.system.health();
    seen.health.push(performance.now() - before);
    return Date.parse(timestamp);
  };
  const begin = await now();
  const results: Promise<unknown>[] = [];
  let step = 0;
  for (let time = begin; time < begin + seconds * 1_000; time = await now()) {
    step += 1;
    for (const { id } of agents) void agentvm.agents.move(id, { x: step, y: 0, z: -step });
    if (step % 20 === 1) {
      const task = await agentvm.tasks.assign({ prompt: `Part ${step}` });
      results.push(task.result());
    }
    // The pace of a game that looks at its server ten times a second; nothing is waited for here.
    await delay(100);
  }
  await Promise.all(results);
  await agentvm.agents.moveMany(agents.map(({ id }) => ({ agent_id: id, position: { x: 1, y: 2, z: 3 } })));
  const there = await Promise.all(agents.map(({ id }) => agentvm.agents.get(id)));
  const arrived = there.filter(({ position: { x, y, z } }) => x === 1 && y === 2 && z === 3).length;
  const played = {
    gaps: seen.gaps,
    drops: seen.drops,
    errors: seen.errors,
    tasks: { given: results.length, ended: seen.ended },
    agents: view.size,
    arrived,
    health: seen.health,
  };
  await agentvm.close();
  return played;
}

describe("a game beside one that attacks the server in every way", { timeout: 180_000 }, () => {
  let server: ServeProcess;
  let url: string;

  beforeEach(async () => {
    server = await startServe(["--seed", "7", "--speed", "4"]);
    url = `http://127.0.0.1:${server.port}`;
  });

  afterEach(async () => {
    await server.stop("SIGTERM");
  });

  it("plays for two minutes as if it were alone", async () => {
    const alone = await play(url, 20);
    const attacker = await startAttacker(url);
    let beside: Played;
    try {
      beside = await play(url, 120);
    } finally {
      await attacker.stop();
    }
    for (const played of [alone, beside]) {
      expect(played.errors).toEqual([]);
      expect(played).toMatchObject({ gaps: 0, drops: 0, agents: 3, arrived: 3 });
      expect(played.tasks.given).toBeGreaterThan(0);
      expect(played.tasks.ended).toBe(played.tasks.given);
    }
    const told = ({ health }: Played) =>
      `p50 ${quantile(health, 0.5).toFixed(1)} ms, p99 ${quantile(health, 0.99).toFixed(1)} ms`;
    console.log(`GET /health of the player alone: ${told(alone)}; beside the attacker: ${told(beside)}`);
  });
});
