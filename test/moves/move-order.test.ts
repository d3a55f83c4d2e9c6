import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";
import { AgentVM } from "../../src/slim.js";
import { loadLateCode } from "../lib/late-code.js";

const HOUR = 3_600_000;
const GAME = "studio";

const at = (x: number) => ({ x, y: 0, z: 0 });

beforeAll(loadLateCode);

/** One player's page: it may be loaded again at any time, and its clock may be wrong. */
class Page {
  readonly #backend: MockBackend;
  #agentvm: AgentVM | null = null;
  #wrongBy = 0;

  constructor(backend: MockBackend) {
    this.#backend = backend;
  }

  async agentvm(): Promise<AgentVM> {
    if (this.#agentvm !== null) return this.#agentvm;
    const { clock } = this.#backend;
    const now = () => clock.now() + this.#wrongBy;
    this.#agentvm = new AgentVM({
      ...this.#backend.connection(),
      events: false,
      clock: { now, setTimeout: (callback, delayMs) => clock.setTimeout(callback, delayMs) },
    });
    await this.#agentvm.connect({ game_id: GAME, keep: true });
    return this.#agentvm;
  }

  setClock(wrongBy: number): void {
    this.#wrongBy = wrongBy;
  }

  async leave(): Promise<void> {
    await this.#agentvm?.close();
    this.#agentvm = null;
  }
}

const player = fc.constantFrom(0, 1);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("move" as const), player, many: fc.boolean() }),
  },
  fc.record({ do: fc.constant("reload" as const), player }),
  fc.record({
    do: fc.constant("clock" as const),
    player,
    wrongBy: fc.constantFrom(-24 * HOUR, -HOUR, 0, HOUR, 20 * HOUR),
  }),
  fc.record({ do: fc.constant("hours" as const), hours: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ do: fc.constant("save" as const) }),
  fc.record({ do: fc.constant("restore" as const) }),
);

describe("a move of one game's agent by two players", () => {
  let backend: MockBackend;

  afterEach(() => backend.close());

  it("counts when it is made, however often pages are loaded, clocks are wrong, and the game is put back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        backend = createMockBackend({ seed: 1, clock: "manual" });
        const pages = [new Page(backend), new Page(backend)];
        const first = await pages[0]?.agentvm();
        const id = (await first?.agents.create("aider"))?.id ?? "";
        let saved = backend.snapshot();
        let x = 0;
        for (const one of steps) {
          const page = "player" in one ? pages[one.player] : undefined;
          if (one.do === "save") saved = backend.snapshot();
          else if (one.do === "restore") backend.restart({ snapshot: JSON.parse(JSON.stringify(saved)) });
          else if (one.do === "hours") backend.clock.advance(one.hours * HOUR);
          else if (one.do === "reload") await page?.leave();
          else if (one.do === "clock") page?.setClock(one.wrongBy);
          else {
            const { agents } = (await page?.agentvm()) ?? {};
            const position = at((x += 1));
            if (one.many) {
              const moved = await agents?.moveMany([{ agent_id: id, position }]);
              expect(moved).toMatchObject({ applied: [id], failed: [] });
            } else {
              expect(await agents?.move(id, position, {})).toMatchObject({ applied: true, position });
            }
            expect((await agents?.get(id))?.position).toEqual(position);
          }
        }
        for (const page of pages) await page.leave();
        backend.close();
      }),
      { numRuns: 60 },
    );
  });

  it("that arrives late undoes nothing that the same player did after it, whatever the other did between", async () => {
    const messages = fc.array(fc.record({ player, lag: fc.integer({ min: 0, max: 6 }) }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(messages, async (sent) => {
        backend = createMockBackend({ seed: 1, clock: "manual" });
        const { endpoint, apiKey, fetch } = backend.connection();
        const headers = { "X-API-Key": apiKey, "Content-Type": "application/json" };
        const agentvm = new AgentVM(backend.connection());
        const { id } = await agentvm.agents.create("aider");
        const inOrderOfArrival = sent
          .map(({ player: who, lag }, sequence) => ({ who, sequence, arrives: sequence + lag }))
          .sort((one, other) => one.arrives - other.arrives);
        const newest = new Map<number, number>();
        for (const { who, sequence } of inOrderOfArrival) {
          const body = JSON.stringify({ position: at(sequence), sequence, client_id: `player_${who}` });
          const answer = await fetch(`${endpoint}/agents/${id}/position`, { method: "PUT", headers, body });
          const isNewest = sequence >= (newest.get(who) ?? 0);
          expect(await answer.json()).toMatchObject({ applied: isNewest });
          if (isNewest) newest.set(who, sequence);
        }
        await agentvm.close();
        backend.close();
      }),
      { numRuns: 60 },
    );
  });
});
