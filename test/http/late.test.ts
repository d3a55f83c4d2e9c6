import { describe, expect, it } from "vitest";
import { createEngine, createIds, createRandom } from "../../mock-server/domain/index.js";
import { createSeldomCalls } from "../../mock-server/calls/seldom-calls.js";
import { createMockBackend } from "../../mock-server/index.js";
import { routes, systemClock } from "../../src/contract/index.js";
import { createSimulatedWork } from "../../mock-server/work/simulated/index.js";

const work = () => ({
  engine: createEngine({
    clock: systemClock(),
    ids: createIds(1),
    random: createRandom(1),
    work: createSimulatedWork(),
  }),
  clock: systemClock(),
  once: () => {
    throw new Error("Nobody calls here.");
  },
});
const whole = () => import("../../mock-server/lazy/seldom.js");

describe("The code of calls that few pages make", () => {
  it("is loaded once", async () => {
    let loads = 0;
    const late = createSeldomCalls(work(), () => {
      loads += 1;
      return whole();
    });
    const [first, second] = [await late.get(), await late.get()];
    expect(second.streams).toBe(first.streams);
    expect(loads).toBe(1);
  });

  it("gives the same streams to calls that come while it is loading", async () => {
    const late = createSeldomCalls(work(), whole);
    const [first, second] = await Promise.all([late.get(), late.get()]);
    expect(second.streams).toBe(first.streams);
  });

  it("is told of as unavailable where it cannot be loaded, and asked for again", async () => {
    let loads = 0;
    const late = createSeldomCalls(work(), () => {
      loads += 1;
      return loads === 1 ? Promise.reject(new TypeError("404")) : whole();
    });
    await expect(late.get()).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching("404"),
    });
    expect((await late.get()).streams.size).toBe(0);
  });

  it("opens nothing any more when the backend was closed while it was loading", async () => {
    const late = createSeldomCalls(work(), whole);
    const getting = late.get();
    late.close();
    await expect(getting).rejects.toMatchObject({ code: "unavailable" });
  });

  it("is not waited for by other calls", () => {
    const backend = createMockBackend({ clock: "manual" });
    for (const name of ["health", "agentList", "taskList", "systemStatus"] as const) {
      const answer = backend.desk.answer({
        found: { name, route: routes[name], params: undefined },
        requestId: undefined,
        origin: "http://agentvm.localhost",
        idempotencyKey: undefined,
        remote: () => undefined,
        signal: undefined,
        headersOnly: false,
        credentials: () => ({ apiKey: backend.apiKey }),
        query: () => undefined,
        body: () => null,
      });
      expect(answer).toMatchObject({ status: 200 });
    }
    backend.close();
  });
});
