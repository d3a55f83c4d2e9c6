import { ANALYTICS_EVENTS_MAX } from "../contract/analytics.js";
import type { AnalyticsEvent, CancelTimer } from "../contract/index.js";
import { isAgentVMError } from "../errors/agentvm-error.js";
import type { MetricsSettings } from "./metrics-options.js";
import type { MetricsParts } from "./metrics-parts.js";

/** Answers of a server that takes no reports. */
const UNSUPPORTED = new Set([404, 405, 501]);

/** Sends what was measured to the server, now and then; what could not be sent waits for the next time, as far as there is room. */
export class Reporter {
  readonly #parts: MetricsParts;
  readonly #settings: MetricsSettings;
  #queue: AnalyticsEvent[] = [];
  #sending: Promise<void> | null = null;
  #cancelTimer: CancelTimer | null = null;
  #isUnsupported = false;
  #dropped = 0;

  constructor(parts: MetricsParts, settings: MetricsSettings) {
    this.#parts = parts;
    this.#settings = settings;
  }

  /** Events that wait to be sent. */
  get queued(): number {
    return this.#queue.length;
  }

  /** Events that were given up, since too many waited. */
  get dropped(): number {
    return this.#dropped;
  }

  add(event: AnalyticsEvent): void {
    if (this.#isUnsupported) return;
    this.#queue.push(event);
    this.#trim();
    const { clock, lifetime } = this.#parts;
    if (this.#cancelTimer !== null || lifetime.isOver) return;
    this.#cancelTimer = clock.setTimeout(() => {
      this.#cancelTimer = null;
      this.flush().catch(this.#parts.failed);
    }, this.#settings.reportEveryMs);
  }

  /** Sends all that waits. @throws what the call throws; what was not sent waits on. */
  async flush(): Promise<void> {
    // No turn of the event loop is lost where none has to be: a client that closes waits for what has begun, and for no more.
    if (this.#sending !== null) await this.#sending;
    if (this.#queue.length === 0) return;
    this.#sending = this.#send();
    try {
      await this.#sending;
    } finally {
      this.#sending = null;
    }
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  async #send(): Promise<void> {
    while (this.#queue.length > 0) {
      const events = this.#queue.splice(0, ANALYTICS_EVENTS_MAX);
      try {
        await this.#parts.report(events);
      } catch (error) {
        this.#isUnsupported = isAgentVMError(error) && UNSUPPORTED.has(error.status ?? 0);
        this.#queue = this.#isUnsupported ? [] : [...events, ...this.#queue];
        this.#trim();
        throw error;
      }
    }
  }

  #trim(): void {
    const surplus = this.#queue.length - this.#settings.maxQueued;
    if (surplus <= 0) return;
    this.#queue.splice(0, surplus);
    this.#dropped += surplus;
  }
}
