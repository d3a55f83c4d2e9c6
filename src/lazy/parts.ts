/**
 * The parts of a client that a page does not load at once. An entry hands them in: `load.ts` loads each when it is wanted, `whole.ts` has
 * all of them there.
 */
export interface LazyParts {
  /** What shows agents live and moves them. */
  readonly live: () => Promise<typeof import("./live.js")>;
  /** What lets calls share a request. */
  readonly batching: () => Promise<typeof import("./batching.js")>;
  /** What finds a session again after a reload. */
  readonly keptSession: () => Promise<typeof import("./kept-session.js")>;
  /** The calls that few pages make. */
  readonly seldomCalls: () => Promise<typeof import("./seldom-calls.js")>;
  /** Pools of agents, and measuring. */
  readonly poolAndMetrics: () => Promise<typeof import("./pool-and-metrics.js")>;
}
