import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AnalyticsSums } from "../../src/contract/index.js";
import type { AnalyticsEvent } from "../../src/contract/index.js";

const at = "2026-01-01T00:00:00.000Z";
const call = (duration_ms: number, name = "GET /agents"): AnalyticsEvent => ({
  type: "call",
  at,
  call: name,
  duration_ms,
  retries: 0,
  error: null,
});

describe("sums of what was measured", () => {
  it("know every quantile of the durations within a tenth", () => {
    const durations = fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(durations, (all) => {
        const sums = new AnalyticsSums();
        for (const one of all) sums.add(call(one));
        const sorted = [...all].sort((a, b) => a - b);
        const [row] = sums.read().calls;
        for (const [share, told] of [
          [0.5, row?.p50_ms],
          [0.95, row?.p95_ms],
          [0.99, row?.p99_ms],
        ] as const) {
          const real = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
          expect(Math.abs((told ?? 0) - real)).toBeLessThanOrEqual(0.1 * real + 0.001);
        }
      }),
    );
  });

  it("take a duration of 0", () => {
    const sums = new AnalyticsSums();
    sums.add(call(0));
    expect(sums.read().calls).toMatchObject([{ mean_ms: 0, p50_ms: 0, p99_ms: 0 }]);
  });

  it("forget the row that was not touched for longest when there are a thousand", () => {
    const sums = new AnalyticsSums();
    for (let index = 0; index < 1_000; index += 1) sums.add(call(1, `GET /${index}`));
    sums.add(call(1, "GET /0"));
    sums.add(call(1, "GET /new"));
    const names = sums.read().calls.map((row) => row.call);
    expect(names).toHaveLength(1_000);
    expect(names).toContain("GET /0");
    expect(names).not.toContain("GET /1");
    expect(sums.read().events).toBe(1_002);
  });
});
