import { ClientMetrics } from "./client-metrics.js";
import { metricsSettings } from "./metrics-options.js";
import type { MetricsOptions } from "./metrics-options.js";
import type { MetricsParts } from "./metrics-parts.js";

/** Begins to measure. @throws ConfigError for options that are wrong. */
export function startMetrics(options: MetricsOptions, parts: MetricsParts): Promise<ClientMetrics> {
  return new ClientMetrics(metricsSettings(options), parts).start();
}
