import type { RouteName } from "../../src/contract/index.js";

/** Requests whose time is kept; older ones make room, so percentiles are those of the last thousand. */
export const RESPONSE_TIME_WINDOW = 1_024;

/** What a request is counted under: its route, or nothing for a path or method that is not in the contract. */
export type StatsName = RouteName | "none";

/** One line of the counts: how often a route was answered with a status. */
export interface RequestCount {
  readonly route: StatsName;
  readonly status: number;
  readonly count: number;
}

/** How many requests there were, and how long they took. */
export interface Stats {
  record(route: StatsName, status: number, milliseconds: number): void;
  readonly requests: number;
  /** Sum of all the times, in milliseconds. */
  readonly totalMs: number;
  /** Share of the requests that were answered with a status of 500 or more. */
  errorRate(): number;
  /** Percentiles of the last requests' times in milliseconds, in the order asked; 0 while there is none. */
  percentiles(shares: readonly number[]): number[];
  counts(): RequestCount[];
}

/** Counts in memory; the number of counters is bounded by the routes and the statuses that the contract has. */
export function createStats(): Stats {
  const window = new Float64Array(RESPONSE_TIME_WINDOW);
  const byRoute = new Map<StatsName, Map<number, number>>();
  let requests = 0;
  let failures = 0;
  let totalMs = 0;

  return {
    record(route, status, milliseconds) {
      window[requests % RESPONSE_TIME_WINDOW] = milliseconds;
      requests += 1;
      totalMs += milliseconds;
      if (status >= 500) failures += 1;
      let byStatus = byRoute.get(route);
      if (byStatus === undefined) byRoute.set(route, (byStatus = new Map<number, number>()));
      byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
    },
    get requests() {
      return requests;
    },
    get totalMs() {
      return totalMs;
    },
    errorRate: () => (requests === 0 ? 0 : failures / requests),
    percentiles(shares) {
      const held = window.slice(0, Math.min(requests, RESPONSE_TIME_WINDOW)).sort();
      return shares.map((share) => held[Math.max(0, Math.ceil(share * held.length) - 1)] ?? 0);
    },
    counts() {
      return [...byRoute].flatMap(([route, byStatus]) =>
        [...byStatus].map(([status, count]) => ({ route, status, count })),
      );
    },
  };
}
