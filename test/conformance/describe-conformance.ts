import { afterEach, describe, expect, it } from "vitest";
import { ROUTE_NAMES, errorCodes, routeNotes } from "../../src/contract/index.js";
import { cases } from "./cases/index.js";
import { hostOptions } from "./host.js";
import type { ConformanceHost, StartHost } from "./host.js";
import { allScenarios } from "./scenarios.js";
import { World } from "./world.js";

/**
 * Holds a host to the contract: every route, every success, every error, and bad input of all kinds. Each test gets a
 * backend of its own.
 *
 * A host is tested with a file like this:
 * ```ts
 * import { startMockServer } from "../../mock-server/hosts/node/index.js";
 * import { describeConformance } from "./describe-conformance.js";
 *
 * describeConformance("the Node host", async (options) => {
 *   const server = await startMockServer({ ...options, port: 0 });
 *   return {
 *     fetch,
 *     endpoint: server.url,
 *     apiKey: "conformance-key",
 *     advance: (ms) => server.backend.clock.advance(ms),
 *     events: () => eventsOf(server.backend),
 *     close: () => server.close(),
 *   };
 * });
 * ```
 * All of `options` has to reach `createBackend`. To hold two hosts to the same bytes, see `cross-host.ts`.
 */
export function describeConformance(name: string, startHost: StartHost): void {
  describe(`${name} conforms to the contract`, () => {
    const open = new Set<ConformanceHost>();
    const seenCodes = new Set<string>();

    afterEach(async () => {
      for (const host of open) await host.close();
      open.clear();
    });

    it("tests every route of the contract", () => {
      expect(Object.keys(cases).sort()).toEqual([...ROUTE_NAMES].sort());
    });

    it.each(ROUTE_NAMES)("tests every error that is %s's own", (route) => {
      expect(Object.keys(cases[route].errors).sort()).toEqual([...routeNotes[route].errors].sort());
    });

    for (const { name: group, scenarios } of allScenarios()) {
      describe(group, () => {
        it.each(scenarios)("$title", async ({ options, run }) => {
          const host = await startHost(hostOptions(options));
          open.add(host);
          const world = new World(host);
          await run(world);
          for (const text of world.transcript) {
            for (const [, code = ""] of text.matchAll(/"success":false,"code":"(\w+)"/g)) seenCodes.add(code);
          }
        });
      });
    }

    it("was seen to answer every error code of the contract", () => {
      expect([...seenCodes].sort()).toEqual(Object.keys(errorCodes).sort());
    });
  });
}
