// What games with many agents, and those who measure, ask for once: a chunk of its own, loaded when the first pool is made or measuring begins.
export { startPool } from "../pool/start-pool.js";
export { startMetrics } from "../metrics/start-metrics.js";
