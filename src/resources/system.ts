import { routes } from "../contract/index.js";
import type { AnswerOf, SystemStatus } from "../contract/index.js";
import type { Caller } from "../http/caller.js";
import type { CallOptions } from "../http/options.js";

/** The server itself: whether it is well, what it has, what it can. */
export class System {
  readonly #caller: Caller;

  /** Made by the client. */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Tells whether the server is well. Needs no credentials. */
  health(options?: CallOptions): Promise<AnswerOf<"health">> {
    return this.#caller.json(routes.health, {}, options);
  }

  /** Tells how many agents, tasks, sessions and requests the server has, and how fast it answers. */
  async status(options?: CallOptions): Promise<SystemStatus> {
    return (await this.#caller.json(routes.systemStatus, {}, options)).status;
  }

  /** The same numbers in Prometheus's text format. */
  metrics(options?: CallOptions): Promise<string> {
    return this.#caller.text(routes.metrics, options);
  }

  /** The server's own description: OpenAPI or AsyncAPI as JSON text, or a page to read as HTML. */
  document(name: "openapi" | "asyncapi" | "docs", options?: CallOptions): Promise<string> {
    return this.#caller.text(routes[name], options);
  }
}
