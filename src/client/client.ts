import { systemClock } from "../contract/clock.js";
import { asyncDispose } from "../contract/dispose.js";
import { agentRoutes } from "../contract/routes/agents.js";
import type { AnswerOf, BodyOf, Clock, EventType, Subscribe } from "../contract/index.js";
import { systemRandom } from "../clock.js";
import { isAgentVMError } from "../errors/agentvm-error.js";
import { ConfigError } from "../errors/config-error.js";
import { GatheredMoves } from "../moves/gathered-moves.js";
import { MoveNumbers } from "../moves/move-numbers.js";
import type { AgentPool } from "../pool/agent-pool.js";
import type { PoolOptions } from "../pool/pool-options.js";
import { batchingTransport } from "./http/batching-transport.js";
import { Caller } from "./http/caller.js";
import type { CallerParts } from "./http/caller.js";
import { COMPRESS_ABOVE, compressing } from "./http/compressing.js";
import { Credentials } from "./http/credentials.js";
import { safeLog } from "./http/logger.js";
import type { CallOptions } from "./http/options.js";
import { directTransportOf } from "./http/direct.js";
import { sessionCallers } from "./http/session-caller.js";
import { ANSWER_MAX_BYTES } from "./http/transport.js";
import type { Fetch, Transport } from "./http/transport.js";
import type { LazyParts } from "../lazy/parts.js";
import { Lifetime } from "../lifetime.js";
import type { CallWatch } from "./http/call-watch.js";
import type { ClientMetrics } from "../metrics/client-metrics.js";
import type { MetricsOptions } from "../metrics/metrics-options.js";
import { checkAddress, checkOptions } from "../options.js";
import type { AgentVMOptions } from "../options.js";
import { PoolAndMetrics } from "./pool-and-metrics.js";
import type { EventsOptions, EventStream } from "./stream/event-stream.js";
import { joinStream } from "./stream/join-stream.js";
import type { Listener, ListenOptions } from "./stream/listeners.js";
import { LiveAgents } from "./stream/live-agents.js";
import { createSessionStream } from "./stream/session-stream.js";
import type {
  ConnectionState,
  StreamEvent,
  StreamEventMap,
  StreamEventName,
} from "./stream/stream-events.js";
import { StreamFeed } from "./stream/stream-feed.js";
import { Agents } from "./resources/agents.js";
import { Commander } from "./resources/commander.js";
import { Game } from "./resources/game.js";
import { PollingFeed } from "./stream/polling-feed.js";
import type { ConnectGame } from "./resources/resume-storage.js";
import { Session } from "./resources/session.js";
import type { Opened } from "./resources/session.js";
import { System } from "./resources/system.js";
import { Tasks } from "./resources/tasks.js";
import type { ClientStats } from "../stats.js";

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
  readonly #caller: Caller;
  readonly #session: Session;
  readonly #stream: EventStream;
  readonly #feed: StreamFeed;
  readonly #moves: GatheredMoves;
  readonly #hasEvents: boolean;
  readonly #clock: Clock;
  readonly #totalTimeoutMs: number;
  readonly #lifetime = new Lifetime();
  readonly #poolAndMetrics: PoolAndMetrics;
  readonly #lazy: LazyParts;
  #closing: Promise<void> | null = null;

  constructor(
    options: AgentVMOptions,
    makeTransport: (fetch: Fetch | undefined, maxAnswerBytes: number) => Transport,
    lazy: LazyParts,
  ) {
    checkOptions(options);
    const { environment, WebSocket, events = true } = options;
    const { endpoint: address = "http://localhost:8000", websocketUrl: streamAddress } = options;
    const lifetime = this.#lifetime;
    const clock = options.clock ?? systemClock();
    const random = options.random ?? systemRandom();
    const credentials = new Credentials(options);
    const log = safeLog(options.logger, () => credentials.secrets());
    const endpoint = checkAddress("endpoint", address, environment);
    const websocketUrl =
      streamAddress === undefined ? undefined : checkAddress("websocketUrl", streamAddress, environment);
    const overHttp = (): Transport => {
      const transport = compressing(
        makeTransport(options.fetch, options.maxAnswerBytes ?? ANSWER_MAX_BYTES),
        options.compressAbove ?? COMPRESS_ABOVE,
      );
      return options.batching === false ? transport : batchingTransport(transport, endpoint, lazy.batching);
    };
    const direct = directTransportOf(options.fetch);
    const watch: CallWatch = { begin: null };
    const parts: CallerParts = {
      endpoint,
      // Calls to a backend in the same page gain nothing by sharing a request.
      transport: direct ?? overHttp(),
      credentials,
      lifetime,
      clock,
      random,
      log,
      retries: options.retries ?? 2,
      timeoutMs: options.timeoutMs ?? 30_000,
      totalTimeoutMs: options.totalTimeoutMs ?? 120_000,
      watch,
    };
    const caller = new Caller(parts);
    const callers = sessionCallers(parts);
    const opened = () => this.#session.opened;
    const stream = createSessionStream({
      ...parts,
      caller,
      load: lazy.live,
      opened,
      websocketUrl,
      WebSocket,
    });
    const commander = new Commander({ ...parts, caller, stream });
    const polling = new PollingFeed({ get: (id, how) => this.tasks.get(id, how), clock, lifetime });
    const feed = new StreamFeed({ stream, polling, clock, lifetime });
    this.#caller = caller;
    this.#lazy = lazy;
    this.#stream = stream;
    this.#hasEvents = events;
    this.#clock = clock;
    this.#totalTimeoutMs = parts.totalTimeoutMs;
    this.#session = new Session({
      caller,
      callers,
      isInPage: direct !== undefined,
      credentials,
      stream,
      lifetime,
      clock,
      log,
    });
    const live = (gameId: string | undefined) =>
      new LiveAgents({
        stream,
        gameId: gameId ?? this.#mustHaveGame(),
        snapshot: (id, signal) => this.game.agents(id, { signal }),
        clock,
        random,
        report: (error) =>
          log?.("warn", `Live agents: ${error instanceof Error ? error.message : "unknown"}`),
      });
    const { moves: moving = {} } = options;
    const report = (error: unknown): void => {
      if (isAgentVMError(error)) stream.report(error);
    };
    const numbers = new MoveNumbers(random);
    const moves = new GatheredMoves({
      load: lazy.live,
      options: moving || {},
      clock,
      random,
      lifetime,
      stream,
      numbers,
      moveOne: ({ agent_id, ...move }, options) => {
        const body = { ...move, client_id: numbers.clientId };
        return commander.json("agents.move", agentRoutes.agentMove, { params: { agent_id }, body }, options);
      },
      moveMany: (updates) => this.agents.moveMany(updates),
      report,
    });
    this.#feed = feed;
    this.#moves = moves;
    this.agents = new Agents({ caller, commander, numbers, live, moves, gathers: moving !== false });
    this.tasks = new Tasks({ caller, commander, load: lazy.seldomCalls, feed, clock });
    this.game = new Game(caller, this.#session, lazy.seldomCalls);
    this.system = new System(caller, lazy.seldomCalls);
    this.#poolAndMetrics = new PoolAndMetrics({
      lazy,
      agents: this.agents,
      tasks: this.tasks,
      game: this.game,
      system: this.system,
      farewell: callers.farewell,
      stream,
      clock,
      random,
      lifetime,
      watch,
      stats: () => this.stats(),
      gameId: () => this.gameId,
      report,
    });
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
    return this.#stream.state;
  }

  /** The game that this client is connected to; null when it is to none. */
  get gameId(): string | null {
    return this.#session.opened?.game_id ?? null;
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
    const { endpoint } = this.#caller.parts;
    const keeping =
      resume === false
        ? null
        : async () => new (await this.#lazy.keptSession()).KeptSession(resume, endpoint, game);
    try {
      const opening = this.#session.open(game, options, keeping);
      if (this.#hasEvents) this.#stream.prepare();
      const told = await opening;
      opened = this.#session.opened;
      const { success: _success, session_token: _token, message: _message, ...session } = told;
      if (this.#hasEvents) await this.openEvents({ game_id: session.game_id }, options);
      return session;
    } catch (error) {
      const isGivenUp = options?.signal?.aborted === true && opened === this.#session.opened;
      if (opened !== null && isGivenUp) await this.#session.end().catch(() => undefined);
      // Whoever disconnects and then waits for the connect hears of it in this order.
      await this.#session.rested();
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
    const { signal, totalTimeoutMs = this.#totalTimeoutMs } = options;
    return joinStream({
      stream: this.#stream,
      subscribe,
      place: async (gameId) => (await this.game.agents(gameId, { signal, totalTimeoutMs })).cursor,
      clock: this.#clock,
      lifetime: this.#lifetime,
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
    return this.#stream.on(name, listener, options);
  }

  /** As `on`, for the next event of that name alone. */
  once<N extends StreamEventName>(name: N, listener: Listener<N>, options?: ListenOptions): () => void {
    return this.#stream.once(name, listener, options);
  }

  /** Ends what `on` and `once` began for that listener and name. */
  off<N extends StreamEventName>(name: N, listener: Listener<N>): void {
    this.#stream.off(name, listener);
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
    return this.#stream.events(options);
  }

  /** Makes up to 100 calls in one request. Each stands alone: look at the `status` of each response. */
  async batch(
    requests: BodyOf<"batch">["requests"],
    options?: CallOptions,
  ): Promise<AnswerOf<"batch">["responses"]> {
    const { batchRoutes } = await this.#lazy.seldomCalls();
    return (await this.#caller.json(batchRoutes.batch, { body: { requests } }, options)).responses;
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
  pool(options: PoolOptions): Promise<AgentPool> {
    return this.#poolAndMetrics.pool(options);
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
  metrics(options: MetricsOptions = {}): Promise<ClientMetrics> {
    return this.#poolAndMetrics.metrics(options);
  }

  /** Tells what the client holds at the moment: listeners, handles, queues, bytes. */
  stats(): ClientStats {
    const { listeners, iterators, commands, sockets, timers, events, unsentBytes } = this.#stream.stats;
    const moves = this.#moves.summary;
    return {
      listeners,
      iterators,
      handles: this.#feed.following,
      pending: this.#lifetime.size + timers,
      sockets,
      queues: { events, commands, moves: moves.waiting },
      unsentBytes,
      moves,
    };
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
    this.#lifetime.end();
    this.#stream.close();
    await this.#poolAndMetrics.end();
    await this.#session.close();
  }

  #mustHaveGame(): string {
    const { gameId } = this;
    if (gameId !== null) return gameId;
    throw new ConfigError("It is not known which game's agents are wanted.", {
      code: "no_game",
      outcome: "not_sent",
      remediation: "Call agentvm.connect() first, or give a gameId.",
    });
  }
}
