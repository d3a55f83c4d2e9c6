import type { analyticsRoutes } from "../../contract/routes/analytics.js";
import type { serverRoutes } from "../../contract/routes/server.js";
import type { AnalyticsSummary, AnswerOf, BodyOf, QueryOf, SystemStatus } from "../../contract/index.js";
import type { Caller } from "../http/caller.js";
import type { CallOptions } from "../http/options.js";

/** Gets the calls about the server, which few pages make. */
type LoadServerRoutes = () => Promise<{
  readonly analyticsRoutes: typeof analyticsRoutes;
  readonly serverRoutes: typeof serverRoutes;
}>;

/** The server itself: whether it is well, what it has, what it can. */
export class System {
  readonly #caller: Caller;
  readonly #load: LoadServerRoutes;

  /** Made by the client. */
  constructor(caller: Caller, load: LoadServerRoutes) {
    this.#caller = caller;
    this.#load = load;
  }

  /** Tells whether the server is well. Needs no credentials. */
  async health(options?: CallOptions): Promise<AnswerOf<"health">> {
    const { serverRoutes } = await this.#load();
    return this.#caller.json(serverRoutes.health, {}, options);
  }

  /** Tells how many agents, tasks, sessions and requests the server has, and how fast it answers. */
  async status(options?: CallOptions): Promise<SystemStatus> {
    const { serverRoutes } = await this.#load();
    return (await this.#caller.json(serverRoutes.systemStatus, {}, options)).status;
  }

  /** The same numbers in Prometheus's text format. */
  async metrics(options?: CallOptions): Promise<string> {
    const { serverRoutes } = await this.#load();
    return this.#caller.text(serverRoutes.metrics, options);
  }

  /**
   * Tells what all clients have reported of their calls, tasks and players, or those of one game; a session sees its own game's.
   * `agentvm.metrics({ report: true })` is what reports.
   */
  async analytics(query: QueryOf<"analyticsSummary"> = {}, options?: CallOptions): Promise<AnalyticsSummary> {
    const { analyticsRoutes } = await this.#load();
    return (await this.#caller.json(analyticsRoutes.analyticsSummary, { query }, options)).summary;
  }

  /** Reports up to 500 events of one's own measuring, as `analytics` adds them up. */
  async reportAnalytics(
    events: BodyOf<"analyticsEvents">["events"],
    options?: CallOptions,
  ): Promise<AnswerOf<"analyticsEvents">> {
    const { analyticsRoutes } = await this.#load();
    return this.#caller.json(analyticsRoutes.analyticsEvents, { body: { events } }, options);
  }

  /** The server's own description: OpenAPI or AsyncAPI as JSON text, or a page to read as HTML. */
  async document(name: "openapi" | "asyncapi" | "docs", options?: CallOptions): Promise<string> {
    const { serverRoutes } = await this.#load();
    return this.#caller.text(serverRoutes[name], options);
  }
}
