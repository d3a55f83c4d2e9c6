import type { Agent, AnalyticsEvent, Clock } from "../contract/index.js";
import type { Lifetime } from "../lifetime.js";
import type { Listener } from "../client/stream/listeners.js";
import type { StreamEventName } from "../client/stream/stream-events.js";
import type { ClientStats } from "../stats.js";
import type { CallWatch } from "../client/http/call-watch.js";

/** What the measuring of a client stands on. */
export interface MetricsParts {
  readonly clock: Clock;
  readonly lifetime: Lifetime;
  readonly watch: CallWatch;
  on<N extends StreamEventName>(name: N, listener: Listener<N>): () => void;
  readonly stats: () => ClientStats;
  /** The agents that there are already; nothing where no game is connected. */
  agents(): Promise<readonly Agent[]>;
  /** Sends a report, also when the client is closed already. */
  report(events: readonly AnalyticsEvent[]): Promise<unknown>;
  /** What went wrong in work that nobody waits for. */
  readonly failed: (error: unknown) => void;
}
