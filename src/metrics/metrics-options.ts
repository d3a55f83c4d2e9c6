import { ConfigError } from "../errors/config-error.js";

/** How a client is measured. */
export interface MetricsOptions {
  /**
   * Whether what is measured is also reported to the server, which adds up what all clients report: `agentvm.system.analytics()` tells it.
   * Default false.
   */
  readonly report?: boolean | undefined;
  /** Milliseconds between reports. Default 30000: often enough to see a game's day, seldom enough to cost nothing. */
  readonly reportEveryMs?: number | undefined;
  /** Events that wait for the next report at the most; past them the oldest are dropped, and counted. Default 2000. */
  readonly maxQueued?: number | undefined;
}

/** What is so where the options say nothing. */
export const METRICS_DEFAULTS = { report: false, reportEveryMs: 30_000, maxQueued: 2_000 } as const;

/** What the options come to. */
export type MetricsSettings = { readonly [K in keyof MetricsOptions]-?: NonNullable<MetricsOptions[K]> };

const checks: Readonly<Record<keyof MetricsOptions, readonly [string, (value: unknown) => boolean]>> = {
  report: ["true or false", (value) => typeof value === "boolean"],
  reportEveryMs: [
    "milliseconds above 0",
    (value) => typeof value === "number" && value > 0 && value < 2 ** 31,
  ],
  maxQueued: ["a whole number from 1 up", (value) => Number.isSafeInteger(value) && Number(value) >= 1],
};

function isOption(name: string): name is keyof MetricsOptions {
  return Object.hasOwn(checks, name);
}

/** Checks the options and fills in what was left out; throws a ConfigError for the first that is wrong. */
export function metricsSettings(options: MetricsOptions): MetricsSettings {
  for (const [name, value] of Object.entries(options)) {
    const [expected, fits] = isOption(name) ? checks[name] : ["", () => false];
    if (value !== undefined && !fits(value)) {
      throw new ConfigError(
        `agentvm.metrics(): ${expected === "" ? `there is no option ${name}` : `${name} must be ${expected}`}.`,
        {
          code: "config",
          outcome: "not_sent",
          remediation: `The options are ${Object.keys(checks).join(", ")}.`,
        },
      );
    }
  }
  const {
    report = METRICS_DEFAULTS.report,
    reportEveryMs = METRICS_DEFAULTS.reportEveryMs,
    maxQueued = METRICS_DEFAULTS.maxQueued,
  } = options;
  return { report, reportEveryMs, maxQueued };
}
