import { AnalyticsSums } from "../contract/analytics-sums.js";
import { keywordSchema } from "../contract/primitives.js";
import { fits } from "../contract/schema.js";
import type { AnalyticsEvent, AnalyticsSummary, EventData } from "../contract/index.js";
import { InvalidRequestError } from "../errors/invalid-request-error.js";
import { Listeners } from "../client/stream/listeners.js";
import type { ClientStats } from "../stats.js";
import { AgentTypes } from "./agent-types.js";
import type { WatchedCall } from "../client/http/call-watch.js";
import type { MetricsSettings } from "./metrics-options.js";
import type { MetricsParts } from "./metrics-parts.js";
import { Remembered } from "./remembered.js";
import { Reporter } from "./reporter.js";

/** What a client measured, and what it holds now. */
export interface ClientMeasures extends AnalyticsSummary {
  /** What waits for its turn. */
  readonly queues: ClientStats["queues"] & {
    /** Measured events, for the next report. */
    readonly reports: number;
  };
  /** Measured events that were given up, since too many waited for a report. */
  readonly dropped: number;
}

/** A type of measured event, or `*` for all of them. */
export type MeasuredType = AnalyticsEvent["type"] | "*";

/** What a listener of a type is told. */
export type MeasuredAs<T extends MeasuredType> = T extends "*"
  ? AnalyticsEvent
  : Extract<AnalyticsEvent, { type: T }>;

type Measured = { [T in MeasuredType]: MeasuredAs<T> };

type Unstamped<E> = E extends unknown ? Omit<E, "at"> : never;

/** The call that reports is not itself measured: it would never end. */
const OWN_CALL = "POST /analytics/events";

/**
 * Measures a client: how long its calls take and how they end, how its connection fares, how long tasks take and how they end by kind of
 * work and type of agent, and which agents players turn to.
 *
 * @example
 * const metrics = await agentvm.metrics();
 * const [slowest] = metrics.read().calls.sort((a, b) => b.p95_ms - a.p95_ms);
 * const undo = metrics.on("*", (event) => console.log(event.type, event.at));
 */
export class ClientMetrics {
  readonly #parts: MetricsParts;
  readonly #reporter: Reporter | null;
  readonly #sums = new AnalyticsSums();
  readonly #types = new AgentTypes();
  /** The kind of work of each task that is under way. */
  readonly #tasks = new Remembered<string>();
  readonly #listeners = new Listeners<Measured>((error) => this.#parts.failed(error));
  readonly #undo: (() => void)[];
  readonly #end = (): void => this.#stop();
  #isLost = false;
  #closing: Promise<void> | null = null;

  /** Made by `agentvm.metrics`. */
  constructor(settings: MetricsSettings, parts: MetricsParts) {
    this.#parts = parts;
    this.#reporter = settings.report ? new Reporter(parts, settings) : null;
    this.#undo = [
      parts.on("agent.created", ({ data }) => this.#types.learn([data.agent])),
      parts.on("gap", ({ agents }) => this.#types.learn(agents ?? [])),
      parts.on("task.assigned", ({ data: { task } }) => this.#tasks.set(task.id, task.task_type)),
      parts.on("task.started", ({ data }) => this.#tasks.set(data.task_id, data.task_type)),
      parts.on("task.completed", ({ data }) => this.#ended("completed", data, data.result.execution_time)),
      parts.on("task.failed", ({ data }) => this.#ended("failed", data, data.result.execution_time)),
      parts.on("task.cancelled", ({ data }) => this.#ended("cancelled", data, null)),
      parts.on("connection", ({ current }) => {
        const isLost = current.status === "waiting" || current.status === "stopped";
        if (isLost) this.#changed(current.status, current.reason);
        else if (current.status === "live" && this.#isLost) this.#changed("live", null);
      }),
    ];
    parts.lifetime.add(this.#end);
  }

  /** Learns which agents there are, so that tasks can be told apart by their type. */
  async start(): Promise<this> {
    // Without the snapshot it is known of new agents alone, which is no reason to measure nothing.
    this.#types.learn(await this.#parts.agents().catch(() => []));
    if (this.#closing === null) this.#parts.watch.begin = (call) => this.#begin(call);
    return this;
  }

  /** The numbers so far. */
  read(): ClientMeasures {
    const reports = this.#reporter?.queued ?? 0;
    return {
      ...this.#sums.read(),
      queues: { ...this.#parts.stats().queues, reports },
      dropped: this.#reporter?.dropped ?? 0,
    };
  }

  /**
   * Calls `listener` with each thing of a type that is measured, `*` for all, to send it on; until the function that it returns is called.
   * One that throws is reported under the client's `error`, and hurts itself alone.
   *
   * @example
   * const undo = metrics.on("task", ({ task_type, status }) => console.log(task_type, status));
   */
  on<T extends MeasuredType>(type: T, listener: (event: MeasuredAs<T>) => void): () => void {
    return this.#listeners.add(type, listener, false);
  }

  /**
   * Counts that a player did something with an agent.
   *
   * @param kind what it was, in a word: `click` (the default), `talk`, …
   * @throws InvalidRequestError for a kind that is not a word.
   *
   * @example
   * sprite.on("pointertap", () => metrics.interaction(agent.id));
   */
  interaction(agentId: string, kind = "click"): void {
    if (!fits(keywordSchema, kind) || !fits(keywordSchema, agentId)) {
      throw new InvalidRequestError(
        `metrics.interaction(): ${JSON.stringify([agentId, kind])} is no agent and kind.`,
        {
          code: "invalid_request",
          outcome: "not_sent",
          remediation: "Give an agent's id, and a word of A-Z a-z 0-9 _ - such as click.",
        },
      );
    }
    this.#tell({ type: "interaction", agent_id: agentId, agent_type: this.#types.of(agentId), kind });
  }

  /** Reports at once what waits for it; resolves when the server has it. Rejects as a call does; what was not sent waits on. */
  async flush(): Promise<void> {
    await this.#reporter?.flush();
  }

  /** Measures no more, and reports what is left. The client's own `close()` does the same. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#parts.lifetime.forget(this.#end);
    this.#stop();
    await this.#reporter?.flush().catch(this.#parts.failed);
  }

  #stop(): void {
    this.#parts.watch.begin = null;
    for (const undo of this.#undo.splice(0)) undo();
    this.#reporter?.stop();
    this.#closing ??= this.#reporter?.flush().catch(() => undefined) ?? Promise.resolve();
  }

  #begin(call: string): WatchedCall {
    const { clock } = this.#parts;
    const startedAt = clock.now();
    let retries = 0;
    return {
      retried: () => (retries += 1),
      ended: (error) => {
        if (call === OWN_CALL) return;
        const duration_ms = Math.max(0, clock.now() - startedAt);
        this.#tell({ type: "call", call, duration_ms, retries, error });
      },
    };
  }

  #ended(
    status: "completed" | "failed" | "cancelled",
    { task_id, agent_id }: Pick<EventData["task.failed"], "task_id" | "agent_id">,
    duration_seconds: number | null,
  ): void {
    const task_type = this.#tasks.take(task_id) ?? null;
    this.#tell({ type: "task", task_type, agent_type: this.#types.of(agent_id), status, duration_seconds });
  }

  #changed(status: string, reason: string | null): void {
    this.#isLost = status !== "live";
    this.#tell({ type: "connection", status, reason });
  }

  #tell(measured: Unstamped<AnalyticsEvent>): void {
    const event = { at: new Date(this.#parts.clock.now()).toISOString(), ...measured };
    this.#sums.add(event);
    this.#reporter?.add(event);
    this.#listeners.emit(event.type, event);
    this.#listeners.emit("*", event);
  }
}
