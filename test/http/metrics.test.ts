import { describe, expect, it } from "vitest";
import { createBackendClock } from "../../mock-server/domain/index.js";
import { createMockBackend } from "../../mock-server/index.js";
import { toPrometheusText } from "../../mock-server/calls/prometheus.js";
import { RESPONSE_TIME_WINDOW, createStats } from "../../mock-server/calls/stats.js";

describe("Prometheus's text", () => {
  it("says of each family what it is, then its numbers", () => {
    const text = toPrometheusText([
      {
        name: "things",
        type: "summary",
        help: "All things.",
        samples: [
          { labels: { quantile: "0.5" }, value: 0.25 },
          { suffix: "_sum", value: 3 },
          { suffix: "_count", value: 2 },
        ],
      },
    ]);
    expect(text).toBe(
      '# HELP things All things.\n# TYPE things summary\nthings{quantile="0.5"} 0.25\nthings_sum 3\nthings_count 2\n',
    );
  });

  it("escapes labels and help", () => {
    const samples = [{ labels: { path: 'a"b\\c\nd' }, value: 1 }];
    expect(toPrometheusText([{ name: "x", type: "gauge", help: "one\\\ntwo", samples }])).toBe(
      '# HELP x one\\\\\\ntwo\n# TYPE x gauge\nx{path="a\\"b\\\\c\\nd"} 1\n',
    );
  });

  it("writes what is no finite number as Prometheus does", () => {
    const samples = [Infinity, -Infinity, NaN].map((value) => ({ value }));
    expect(toPrometheusText([{ name: "x", type: "gauge", help: "h", samples }])).toContain(
      "x +Inf\nx -Inf\nx NaN\n",
    );
  });
});

describe("uptime", () => {
  it("is told in seconds of the wall clock, however fast the backend's own time goes", async () => {
    for (const speed of [0, 5]) {
      const base = createBackendClock("manual");
      const backend = createMockBackend({ clock: { speed }, parts: { baseClock: base } });
      const headers = { "X-API-Key": "development-key" };
      const read = async (path: string) => (await backend.fetch(path, { headers })).text();
      base.advance(60_000);
      backend.clock.advance(1_000_000);
      expect(JSON.parse(await read("/system/status")).status.uptime_seconds).toBe(60);
      expect(await read("/metrics")).toContain("agentvm_uptime_seconds 60\n");
      backend.restart();
      base.advance(7_000);
      expect(JSON.parse(await read("/system/status")).status.uptime_seconds).toBe(7);
      backend.close();
    }
  });
});

describe("the counts of requests", () => {
  it("are nothing before the first", () => {
    const stats = createStats();
    expect([stats.requests, stats.errorRate(), stats.percentiles([0.5, 0.99])]).toEqual([0, 0, [0, 0]]);
  });

  it("take only statuses of 500 and more for errors", () => {
    const stats = createStats();
    for (const status of [200, 404, 429, 500, 503, 200, 200, 200]) stats.record("health", status, 1);
    expect(stats.errorRate()).toBe(0.25);
    expect(stats.counts()).toContainEqual({ route: "health", status: 200, count: 4 });
  });

  it("give percentiles that are times which were measured", () => {
    const stats = createStats();
    for (let time = 100; time >= 1; time -= 1) stats.record("health", 200, time);
    expect(stats.percentiles([0.5, 0.95, 0.99, 1, 0])).toEqual([50, 95, 99, 100, 1]);
  });

  it("forget old times", () => {
    const stats = createStats();
    stats.record("health", 200, 1_000_000);
    for (let index = 0; index < RESPONSE_TIME_WINDOW; index += 1) stats.record("health", 200, 2);
    expect(stats.percentiles([1])).toEqual([2]);
    expect(stats.requests).toBe(RESPONSE_TIME_WINDOW + 1);
  });
});
