import { asyncDispose } from "../contract/dispose.js";
import type { AnswerOf, BodyOf, EventType, Subscribe } from "../contract/index.js";
import type { AgentPool } from "../pool/agent-pool.js";
import type { PoolOptions } from "../pool/pool-options.js";
import type { CallOptions } from "./http/options.js";
import type { LazyParts } from "../lazy/parts.js";
import type { ClientMetrics } from "../metrics/client-metrics.js";
import type { MetricsOptions } from "../metrics/metrics-options.js";
import type { AgentVMOptions } from "../options.js";
import type { EventsOptions } from "./stream/event-stream.js";
import { joinStream } from "./stream/join-stream.js";
import type { Listener, ListenOptions } from "./stream/listeners.js";
import type {
  ConnectionState,
  StreamEvent,
  StreamEventMap,
  StreamEventName,
} from "./stream/stream-events.js";
import type { Agents } from "./resources/agents.js";
import type { Game } from "./resources/game.js";
import type { ConnectGame } from "./resources/resume-storage.js";
import type { Opened } from "./resources/session.js";
import type { System } from "./resources/system.js";
import type { Tasks } from "./resources/tasks.js";
import type { Workers } from "./resources/workers.js";
import type { ClientStats } from "../stats.js";
import type { MakeTransport } from "./call-parts.js";
import { wire } from "./wiring.js";
import type { Wiring } from "./wiring.js";

/** What `connect` tells of the session; its token stays inside. */
export type GameSession = Omit<AnswerOf<"gameConnect">, "success" | "session_token" | "message">;

/** The client over any transport; each entry point binds one. */
export class Client {
  /** The agents: create get list types move moveMany remove live. */
  readonly agents: Agents;
  /** The tasks: assign assignTeam get list cancel output handle. */
  readonly tasks: Tasks;
  /** The game: connect heartbeat disconnect updateScene agents. */
  readonly game: Game;
  /** The server: health status metrics document. */
  readonly system: System;
  /** Those who do the work on tasks: list join claim report finish leave. */
  readonly workers: Workers;
  readonly #parts: Wiring;
  readonly #hasEvents: boolean;
  #closing: Promise<void> | null = null;

  constructor(options: AgentVMOptions, makeTransport: MakeTransport, lazy: LazyParts) {
    const parts = wire(options, makeTransport, lazy);
    this.agents = parts.agents;
    this.tasks = parts.tasks;
    this.game = parts.game;
    this.system = parts.system;
    this.workers = parts.workers;
    this.#parts = parts;
    this.#hasEvents = options.events ?? true;
  }

  /**
   * How the live event stream stands: `idle` before `connect`, `live` while events come, `waiting` with the time of the next
   * try, `stopped` when it cannot go on, `closed` for ever after `close`. The same object until it changes.
   *
   * @example
   * const { state } = agentvm;
   * if (state.status === "waiting") console.log(`Away since ${state.reason}, next try at ${state.retryAt}`);
   */
  get state(): ConnectionState {
    return this.#parts.stream.state;
  }

  /** The game that this client is connected to; null when it is to none. */
  get gameId(): string | null {
    return this.#parts.gameId();
  }

  /**
   * Opens a session for a game and keeps it alive; from then on every call sees this game alone. Then it opens the live event
   * stream, unless the option `events` is false. It resolves when the stream is live or its first try has failed; then
   * the stream goes on trying, and misses nothing that happens from here on: look at `state`. It rejects when it cannot be
   * learned within `totalTimeoutMs` where the stream has to begin. A `game.disconnect()`, another `connect` or its signal meanwhile ends it:
   * it rejects with a CancelledError then, and leaves no session behind. Nor does one that `close()` ends. A session that was
   * open before is ended when the new one is there.
   *
   * With `resume` a page finds its game and session again after a reload, with the agents and tasks. The session is then neither ended by
   * `close()` nor when the page goes away: it is that of the page that comes back. `game.disconnect()` ends and forgets it; else
   * it ends after an hour of silence.
   *
   * @example
   * await agentvm.connect({ game_name: "My game" });
   * await agentvm.connect({ game_name: "My game", resume: sessionStorage }); // in a page, which may be reloaded
   */
  async connect({ resume = false, ...game }: ConnectGame = {}, options?: CallOptions): Promise<GameSession> {
    let opened: Opened | null = null;
    const { endpoint } = this.#parts;
    const keeping =
      resume === false
        ? null
        : async () => new (await this.#parts.lazy.keptSession()).KeptSession(resume, endpoint, game);
    try {
      const opening = this.#parts.session.open(game, options, keeping);
      if (this.#hasEvents) this.#parts.stream.prepare();
      const told = await opening;
      opened = this.#parts.session.opened;
      const { success: _success, session_token: _token, message: _message, ...session } = told;
      if (this.#hasEvents) await this.openEvents({ game_id: session.game_id }, options);
      return session;
    } catch (error) {
      const isGivenUp = options?.signal?.aborted === true && opened === this.#parts.session.opened;
      if (opened !== null && isGivenUp) await this.#parts.session.end().catch(() => undefined);
      // Whoever disconnects and then waits for the connect hears of it in this order.
      await this.#parts.session.rested();
      throw error;
    }
  }

  /**
   * Opens the live event stream with the credentials that the client has: for one that was given a `sessionToken` or `getToken`
   * and does not connect itself, or that watches with an `apiKey` without playing. `connect` does it by itself.
   * A part of `subscribe` that is left out means all; name the `game_id` where it is known, so that after a loss the stream
   * can tell how its agents are. Called again, the stream follows what is asked for now. Waits as `connect` does.
   *
   * @throws CancelledError when `signal` is aborted first, ClosedError after `close()`.
   */
  openEvents(subscribe: Subscribe = {}, options: CallOptions = {}): Promise<void> {
    const { signal, totalTimeoutMs = this.#parts.totalTimeoutMs } = options;
    return joinStream({
      stream: this.#parts.stream,
      subscribe,
      place: async (gameId) => (await this.game.agents(gameId, { signal, totalTimeoutMs })).cursor,
      clock: this.#parts.clock,
      lifetime: this.#parts.lifetime,
      signal,
      totalTimeoutMs,
    });
  }

  /**
   * Calls `listener` for each event of a name, until the function that it returns is called or `signal` is aborted. The names
   * are those of the contract's events, `connection` for changes of `state`, `gap` when events were lost for good, `error`
   * for what the stream lives on with, and `*` for every event, also of types that this version does not know.
   * A listener that throws is reported under `error`, and hurts itself alone.
   *
   * @throws ClosedError after `close()`.
   *
   * @example
   * const undo = agentvm.on("agent.state_changed", ({ data }) => console.log(data.agent_id, data.state));
   * agentvm.on("connection", ({ current }) => console.log(current.status));
   */
  on<N extends StreamEventName>(name: N, listener: Listener<N>, options?: ListenOptions): () => void {
    return this.#parts.stream.on(name, listener, options);
  }

  /** As `on`, for the next event of that name alone. */
  once<N extends StreamEventName>(name: N, listener: Listener<N>, options?: ListenOptions): () => void {
    return this.#parts.stream.once(name, listener, options);
  }

  /** Ends what `on` and `once` began for that listener and name. */
  off<N extends StreamEventName>(name: N, listener: Listener<N>): void {
    this.#parts.stream.off(name, listener);
  }

  /**
   * The live events and gaps as an async iterator, from this call on. It holds `capacity` (1000) events for a slow reader; past
   * them `overflow` decides: `drop-oldest` (the default) lets the oldest go and warns the logger once, `error` ends the loop
   * with an error. It is done when the client is closed, and throws when the stream has stopped for good.
   *
   * @example
   * for await (const event of agentvm.events({ types: ["task.completed", "gap"] })) console.log(event.type);
   */
  events<T extends EventType | "gap">(
    options: EventsOptions<T> & { readonly types: readonly T[] },
  ): AsyncIterableIterator<StreamEventMap[T], undefined>;
  events(options?: EventsOptions<EventType | "gap">): AsyncIterableIterator<StreamEvent, undefined>;
  events<T extends EventType | "gap">(
    options?: EventsOptions<T>,
  ): AsyncIterableIterator<StreamEvent, undefined> {
    return this.#parts.stream.events(options);
  }

  /** Makes up to 100 calls in one request. Each stands alone: look at the `status` of each response. */
  async batch(
    requests: BodyOf<"batch">["requests"],
    options?: CallOptions,
  ): Promise<AnswerOf<"batch">["responses"]> {
    const { batchRoutes } = await this.#parts.lazy.batching();
    return (await this.#parts.caller.json(batchRoutes.batch, { body: { requests } }, options)).responses;
  }

  /**
   * Makes a pool of agents, which are used again rather than created and removed for each task. It is given when the `min` agents that
   * it keeps ready are there. Its code is loaded when the first pool is made.
   *
   * @throws ConfigError for options that are wrong, ClosedError after `close()`, and what `agents.create` throws.
   *
   * @example
   * const pool = await agentvm.pool({ type: "aider", min: 2, max: 20 });
   * const results = await Promise.all(prompts.map((prompt) => pool.run(prompt)));
   */
  async pool(options: PoolOptions): Promise<AgentPool> {
    return (await this.#parts.poolAndMetrics()).pool(options);
  }

  /**
   * Begins to measure this client: calls, tasks, its connection, and what players do; as numbers, as events, and as a report to the server
   * if wanted. Called again it begins anew. Its code is loaded with the first call; a client that is not measured does nothing for it.
   *
   * @throws ConfigError for options that are wrong, ClosedError after `close()`.
   *
   * @example
   * const metrics = await agentvm.metrics({ report: true });
   * console.log(metrics.read().tasks);
   */
  async metrics(options: MetricsOptions = {}): Promise<ClientMetrics> {
    return (await this.#parts.poolAndMetrics()).metrics(options);
  }

  /** Tells what the client holds at the moment: listeners, handles, queues, bytes. */
  stats(): ClientStats {
    return this.#parts.stats();
  }

  /**
   * Ends everything: the event stream closes, what is under way rejects with a ClosedError, iterators over tasks end with one
   * and those over events are done, no timer stays. A game session that this client opened is ended at the server too, if
   * that can be done within two seconds; one that was opened with `resume` stays, for the page that comes back.
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  [asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#parts.lifetime.end();
    this.#parts.stream.close();
    await this.#parts.goodbyes();
    await this.#parts.session.close();
  }
}
