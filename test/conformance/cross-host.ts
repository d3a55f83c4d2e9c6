import { describe, expect, it } from "vitest";
import { hostOptions } from "./host.js";
import type { StartHost } from "./host.js";
import { allScenarios } from "./scenarios.js";
import type { Scenario } from "./scenarios.js";
import { World } from "./world.js";

/** What a host said and what happened in it, as text. */
interface Record {
  readonly exchanges: readonly string[];
  readonly events: readonly string[];
}

/**
 * Holds two hosts to the same bytes: every scenario of the conformance suite is run on both, from the same seed, manual
 * clock, tokens and request ids. Bodies, the contract's headers and the event log must be the same; only the host's own
 * address is put aside.
 *
 * ```ts
 * describeSameBytes("the in-page host", startInPage, "the Node host", startNode);
 * ```
 */
export function describeSameBytes(
  oneName: string,
  startOne: StartHost,
  otherName: string,
  startOther: StartHost,
): void {
  describe(`${oneName} and ${otherName} give the same bytes`, () => {
    for (const { name, scenarios } of allScenarios()) {
      it.each(scenarios)(`${name}: $title`, async (scenario) => {
        const one = await record(startOne, scenario);
        const other = await record(startOther, scenario);
        expect(other.exchanges).toEqual(one.exchanges);
        expect(other.events).toEqual(one.events);
        expect(one.exchanges.length).toBeGreaterThan(0);
      });
    }
  });
}

async function record(startHost: StartHost, { options, run }: Scenario): Promise<Record> {
  const host = await startHost(hostOptions(options));
  try {
    const world = new World(host);
    await run(world);
    return { exchanges: world.transcript, events: host.events().map((event) => JSON.stringify(event)) };
  } finally {
    await host.close();
  }
}
