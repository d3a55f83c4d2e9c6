// What games with many agents, and those who measure, ask for once: a chunk of its own, loaded when the first pool is made or measuring begins.
export { PoolAndMetrics } from "../client/pool-and-metrics.js";
