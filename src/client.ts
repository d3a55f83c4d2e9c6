import { routes, systemClock } from "./contract/index.js";
import type { AnswerOf, BodyOf } from "./contract/index.js";
import { systemRandom } from "./clock.js";
import { Caller } from "./http/caller.js";
import type { CallerParts } from "./http/caller.js";
import { Credentials } from "./http/credentials.js";
import { safeLog } from "./http/logger.js";
import type { CallOptions } from "./http/options.js";
import type { Fetch, Transport } from "./http/transport.js";
import { Lifetime } from "./lifetime.js";
import { checkEndpoint, checkOptions } from "./options.js";
import type { AgentVMOptions } from "./options.js";
import { Agents } from "./resources/agents.js";
import { Game } from "./resources/game.js";
import { PollingFeed } from "./resources/polling-feed.js";
import { Session } from "./resources/session.js";
import { System } from "./resources/system.js";
import { Tasks } from "./resources/tasks.js";

/** What `connect` tells of the session; its token stays inside. */
export type GameSession = Omit<AnswerOf<"gameConnect">, "success" | "session_token" | "message">;

/** Where the client stands: `idle` until `connect`, `closed` for ever after `close`. */
export type ClientState = "idle" | "connecting" | "connected" | "closed";

/** The client over any transport; each entry point binds one. */
export class Client {
  /** The agents: create get list types move moveMany remove. */
  readonly agents: Agents;
  /** The tasks: assign assignTeam get list cancel output handle. */
  readonly tasks: Tasks;
  /** The game: connect heartbeat disconnect updateScene agents. */
  readonly game: Game;
  /** The server: health status metrics document. */
  readonly system: System;
  readonly #caller: Caller;
  readonly #session: Session;
  readonly #lifetime = new Lifetime();
  #connecting = 0;
  #closing: Promise<void> | null = null;

  constructor(options: AgentVMOptions, makeTransport: (fetch: Fetch | undefined) => Transport) {
    checkOptions(options);
    const lifetime = this.#lifetime;
    const clock = options.clock ?? systemClock();
    const credentials = new Credentials(options);
    const log = safeLog(options.logger, () => credentials.secrets());
    const parts: CallerParts = {
      endpoint: checkEndpoint(options.endpoint ?? "http://localhost:8000", options.environment),
      transport: makeTransport(options.fetch),
      credentials,
      lifetime,
      clock,
      random: options.random ?? systemRandom(),
      log,
      retries: options.retries ?? 2,
      timeoutMs: options.timeoutMs ?? 30_000,
      totalTimeoutMs: options.totalTimeoutMs ?? 120_000,
    };
    this.#caller = new Caller(parts);
    // Says goodbye when all other calls are refused already.
    const farewell = new Caller({ ...parts, lifetime: new Lifetime(), retries: 0 });
    this.#session = new Session({ caller: this.#caller, farewell, credentials, lifetime, clock, log });
    this.agents = new Agents(this.#caller, clock);
    const feed = new PollingFeed({ get: (id, how) => this.tasks.get(id, how), clock, lifetime });
    this.tasks = new Tasks(this.#caller, { feed, clock });
    this.game = new Game(this.#caller, this.#session);
    this.system = new System(this.#caller);
  }

  /** Where the client stands. */
  get state(): ClientState {
    if (this.#lifetime.isOver) return "closed";
    if (this.#connecting > 0) return "connecting";
    return this.#session.isOpen ? "connected" : "idle";
  }

  /**
   * Opens a session for a game and keeps it alive; from then on every call sees this game alone.
   *
   * @example
   * await agentvm.connect({ game_name: "My game" });
   */
  async connect(game: BodyOf<"gameConnect"> = {}, options?: CallOptions): Promise<GameSession> {
    this.#connecting += 1;
    try {
      const told = await this.#session.open(game, options);
      const { success: _success, session_token: _token, message: _message, ...session } = told;
      return session;
    } finally {
      this.#connecting -= 1;
    }
  }

  /** Makes up to 100 calls in one request. Each stands alone: look at the `status` of each response. */
  async batch(
    requests: BodyOf<"batch">["requests"],
    options?: CallOptions,
  ): Promise<AnswerOf<"batch">["responses"]> {
    return (await this.#caller.json(routes.batch, { body: { requests } }, options)).responses;
  }

  /**
   * Ends everything: what is under way rejects with a ClosedError, iterators end with one, no timer stays. A game
   * session that this client opened is ended at the server too, if that can be done within two seconds.
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#lifetime.end();
    await this.#session.close();
  }
}
