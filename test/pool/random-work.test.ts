import fc from "fast-check";
import { expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import { AgentVM } from "../../src/slim.js";
import type { PooledAgent } from "../../src/index.js";
import { loadLateCode } from "../lib/late-code.js";
import { settle } from "../stream/client/support/virtual-clock.js";

const MAX = 3;

type Step =
  | { readonly do: "acquire" | "run" }
  | { readonly do: "release" | "remove" | "abort"; readonly which: number }
  | { readonly do: "pass"; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom("acquire" as const, "run" as const) }),
  fc.record({
    do: fc.constantFrom("release" as const, "remove" as const, "abort" as const),
    which: fc.nat(9),
  }),
  fc.record({ do: fc.constant("pass" as const), ms: fc.constantFrom(100, 5_000, 30_000) }),
);

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await settle();
};

it("never gives one agent to two, has never more than its max, and serves all, whatever happens to its agents", async () => {
  await loadLateCode();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.nat(), async (steps, seed) => {
      const backend = createMockBackend({ seed, clock: "manual", limits: { max_agents: 50 } });
      const agentvm = new AgentVM({ ...backend.connection(), clock: backend.clock, retries: 0 });
      await agentvm.connect();
      const pool = await agentvm.pool({ type: "aider", min: 1, max: MAX, idleTimeoutMs: 20_000 });
      const held = new Map<string, PooledAgent>();
      const waits: AbortController[] = [];
      const ends: Promise<unknown>[] = [];

      const take = (): void => {
        const controller = new AbortController();
        waits.push(controller);
        const taken = pool.acquire({ signal: controller.signal }).then((worker) => {
          expect(held.has(worker.id)).toBe(false);
          held.set(worker.id, worker);
        });
        // Only those who gave up themselves may come away with nothing.
        ends.push(
          taken.catch((error: unknown) => expect([controller.signal.aborted, error]).toEqual([true, error])),
        );
      };
      const letGo = (which: number): void => {
        const worker = [...held.values()][which % Math.max(1, held.size)];
        if (worker === undefined) return;
        held.delete(worker.id);
        worker.release();
      };

      for (const one of steps) {
        if (one.do === "acquire") take();
        if (one.do === "run") ends.push(pool.run("Fix the jump"));
        if (one.do === "release") letGo(one.which);
        if (one.do === "abort") waits[one.which]?.abort();
        if (one.do === "pass") backend.clock.advance(one.ms);
        if (one.do === "remove") {
          const agents = await agentvm.agents.list();
          const victim = agents[one.which % Math.max(1, agents.length)];
          if (victim !== undefined) await agentvm.agents.remove(victim.id);
        }
        await turns(3);
        const { idle, busy, creating } = pool.stats;
        expect(idle + busy + creating).toBeLessThanOrEqual(MAX);
        expect((await agentvm.agents.list()).length).toBeLessThanOrEqual(MAX);
      }

      let over = 0;
      const all = Promise.all(ends).finally(() => (over += 1));
      all.catch(() => undefined);
      for (let tries = 0; over === 0 && tries < 2_000; tries += 1) {
        letGo(0);
        backend.clock.advance(1_000);
        await turns(3);
      }
      await all;
      for (const worker of held.values()) worker.release();
      await pool.close();
      await turns(3);
      expect(await agentvm.agents.list()).toEqual([]);
      await agentvm.close();
      backend.close();
    }),
    { numRuns: 60 },
  );
});
