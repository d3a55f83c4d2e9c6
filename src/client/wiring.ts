import { agentRoutes } from "../contract/routes/agents.js";
import { isAgentVMError } from "../errors/agentvm-error.js";
import { ConfigError } from "../errors/config-error.js";
import type { LazyParts } from "../lazy/parts.js";
import { GatheredMoves } from "../moves/gathered-moves.js";
import { MoveNumbers } from "../moves/move-numbers.js";
import { checkOptions } from "../options.js";
import type { AgentVMOptions } from "../options.js";
import type { ClientStats } from "../stats.js";
import { callParts } from "./call-parts.js";
import type { CallParts, MakeTransport } from "./call-parts.js";
import type { Caller } from "./http/caller.js";
import { createLink } from "./link.js";
import type { PoolAndMetrics, PoolAndMetricsParts } from "./pool-and-metrics.js";
import { Agents } from "./resources/agents.js";
import { Commander } from "./resources/commander.js";
import { Game } from "./resources/game.js";
import type { Session } from "./resources/session.js";
import { System } from "./resources/system.js";
import { Tasks } from "./resources/tasks.js";
import { Workers } from "./resources/workers.js";
import type { EventStream, StreamCore } from "./stream/event-stream.js";
import { LiveAgents } from "./stream/live-agents.js";
import { PollingFeed } from "./stream/polling-feed.js";
import { StreamFeed } from "./stream/stream-feed.js";

/** The parts of a client that its own methods use. */
export interface Wiring extends CallParts {
  readonly lazy: LazyParts;
  readonly caller: Caller;
  readonly session: Session;
  readonly stream: EventStream;
  readonly agents: Agents;
  readonly tasks: Tasks;
  readonly game: Game;
  readonly system: System;
  readonly workers: Workers;
  /** What makes pools and measures, loaded when it is first wanted. */
  readonly poolAndMetrics: () => Promise<PoolAndMetrics>;
  /** Waits for what that has still to say to the server. */
  readonly goodbyes: () => Promise<void>;
  readonly stats: () => ClientStats;
  /** The game that the client is connected to; null when it is to none. */
  readonly gameId: () => string | null;
}

/** Makes the parts of a client, each with those that it stands on. Nothing is sent and nothing opened by it. */
export function wire(options: AgentVMOptions, makeTransport: MakeTransport, lazy: LazyParts): Wiring {
  checkOptions(options);
  const { moves: moving = {} } = options;
  const parts = callParts(options, makeTransport, lazy);
  const { clock, lifetime, log, random, watch } = parts;
  const { caller, callers, session, stream } = createLink<StreamCore>({
    ...parts,
    load: lazy.live,
    WebSocket: options.WebSocket,
  });
  const report = (error: unknown): void => {
    if (isAgentVMError(error)) stream.report(error);
  };
  const gameId = () => session.opened?.game_id ?? null;

  const commander = new Commander({ ...parts, caller, stream });
  const numbers = new MoveNumbers(random);
  const moves: GatheredMoves = new GatheredMoves({
    load: lazy.live,
    options: moving || {},
    clock,
    random,
    lifetime,
    stream,
    numbers,
    moveOne: ({ agent_id, ...move }, how) => {
      const body = { ...move, client_id: numbers.clientId };
      return commander.json("agents.move", agentRoutes.agentMove, { params: { agent_id }, body }, how);
    },
    moveMany: (updates) => agents.moveMany(updates),
    report,
  });
  const game = new Game(caller, session, lazy.seldomCalls);
  const live = (wanted: string | undefined) =>
    new LiveAgents({
      stream,
      gameId: wanted ?? gameId() ?? noGame(),
      snapshot: (id, signal) => game.agents(id, { signal }),
      clock,
      random,
      report: (error) => log?.("warn", `Live agents: ${error instanceof Error ? error.message : "unknown"}`),
    });
  const agents: Agents = new Agents({
    caller,
    commander,
    load: lazy.seldomCalls,
    numbers,
    live,
    moves,
    gathers: moving !== false,
  });
  const polling: PollingFeed = new PollingFeed({ get: (id, how) => tasks.get(id, how), clock, lifetime });
  const feed: StreamFeed = new StreamFeed({ stream, polling, clock, lifetime });
  const tasks: Tasks = new Tasks({ caller, commander, load: lazy.seldomCalls, feed, clock });
  const system = new System(caller, lazy.seldomCalls);
  const workers = new Workers(caller, async () => (await lazy.seldomCalls()).workerRoutes);

  const stats = (): ClientStats => {
    const { listeners, iterators, commands, sockets, timers, events, unsentBytes } = stream.stats;
    const moved = moves.summary;
    return {
      listeners,
      iterators,
      handles: feed.following,
      pending: lifetime.size + timers,
      sockets,
      queues: { events, commands, moves: moved.waiting },
      unsentBytes,
      moves: moved,
    };
  };
  let made: PoolAndMetrics | null = null;
  const forPoolAndMetrics: PoolAndMetricsParts = {
    load: lazy.seldomCalls,
    agents,
    tasks,
    game,
    system,
    farewell: callers.farewell,
    stream,
    clock,
    random,
    lifetime,
    watch,
    stats,
    gameId,
    report,
  };
  const poolAndMetrics = async (): Promise<PoolAndMetrics> => {
    const { PoolAndMetrics } = await lazy.poolAndMetrics();
    return (made ??= new PoolAndMetrics(forPoolAndMetrics));
  };
  return {
    ...parts,
    lazy,
    caller,
    session,
    stream,
    agents,
    tasks,
    game,
    system,
    workers,
    poolAndMetrics,
    goodbyes: async () => made?.end(),
    stats,
    gameId,
  };
}

function noGame(): never {
  throw new ConfigError("It is not known which game's agents are wanted.", {
    code: "no_game",
    outcome: "not_sent",
    remediation: "Call agentvm.connect() first, or give a gameId.",
  });
}
