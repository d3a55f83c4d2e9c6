import * as z from "zod/mini";
import { PACKAGE_VERSION, positionUpdateSchema, routes, systemClock } from "../contract/index.js";
import type { Agent, CancelTimer, Clock, PositionUpdate, Random, Route } from "../contract/index.js";
import { systemRandom } from "../clock.js";
import { AgentVMError, isAgentVMError } from "../errors/index.js";
import { errorFromAnswer } from "../errors/from-answer.js";
import { Caller } from "../http/caller.js";
import { Credentials } from "../http/credentials.js";
import type { CallOptions } from "../http/options.js";
import { fetchTransport } from "../http/fetch-transport.js";
import type { Fetch } from "../http/transport.js";
import { Lifetime } from "../lifetime.js";
import { checkEndpoint } from "../options.js";
import type { Environment } from "../options.js";
import { EventStream } from "../realtime/event-stream.js";
import type { WebSocketConstructor } from "../realtime/ports.js";
import type { LogEvent } from "../realtime/stream-events.js";
import type { Command } from "./messages.js";
import { readOutputNow } from "./output-now.js";

/** Where a game's calls go. */
export interface Target {
  readonly endpoint: string;
  readonly apiKey: string;
  readonly fetch?: Fetch | undefined;
  readonly WebSocket?: WebSocketConstructor | undefined;
}

/** What a link is made with. */
export interface GameLinkOptions {
  readonly target: Target;
  readonly environment: Environment;
  readonly timeoutMs: number;
  readonly game: Readonly<Record<string, unknown>>;
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
  readonly events: LinkEvents;
}

/** What a link tells. */
export interface LinkEvents {
  happened(event: LogEvent): void;
  lost(agents: readonly Agent[]): void;
  changed(state: "connected" | "reconnecting"): void;
  stopped(error: unknown): void;
}

/** The answer to a call. */
export interface LinkAnswer {
  readonly value: unknown;
  readonly nextCursor: string;
}

/** What the game is told of its session; the token stays here. */
export interface LinkGame {
  readonly game_id: string;
  readonly limits: object;
  readonly server: object;
  readonly agents: readonly Agent[];
}

const GOODBYE_MS = 2_000;

/** One game's session, calls and events over the parts of the SDK, in the words of the wire. */
export class GameLink {
  readonly #options: GameLinkOptions;
  readonly #clock: Clock;
  readonly #lifetime = new Lifetime();
  readonly #credentials: Credentials;
  readonly #caller: Caller;
  readonly #farewell: Caller;
  readonly #stream: EventStream;
  readonly #endpoint: string;
  #token = "";
  #gameId: string | null = null;
  #websocketUrl = "";
  #cancelBeat: CancelTimer | null = null;
  #wasLive = false;

  /** Throws a ConfigError for an endpoint that must not be used. */
  constructor(options: GameLinkOptions) {
    this.#options = options;
    const { target, environment, timeoutMs } = options;
    this.#clock = options.clock ?? systemClock();
    const random = options.random ?? systemRandom();
    this.#credentials = new Credentials({ apiKey: target.apiKey });
    this.#endpoint = checkEndpoint(target.endpoint, environment);
    const parts = {
      endpoint: this.#endpoint,
      transport: fetchTransport(target.fetch),
      credentials: this.#credentials,
      lifetime: this.#lifetime,
      clock: this.#clock,
      random,
      log: undefined,
      retries: 2,
      timeoutMs: Math.max(5_000, timeoutMs / 2),
      totalTimeoutMs: timeoutMs,
    };
    this.#caller = new Caller(parts);
    this.#farewell = new Caller({ ...parts, lifetime: new Lifetime(), retries: 0 });
    this.#stream = new EventStream({
      url: () => this.#websocketUrl,
      credentials: async (fresh) => {
        if (fresh) await this.#openGame({});
        return { session_token: this.#token };
      },
      reconnectGame: async (signal) => {
        await this.#openGame({ signal });
      },
      snapshot: (gameId, signal) =>
        this.#caller.json(routes.gameAgents, { params: { game_id: gameId } }, { signal }),
      commandError: (body) =>
        errorFromAnswer({
          where: "command",
          status: 400,
          text: JSON.stringify(body),
          header: () => null,
          now: this.#clock.now(),
          doubt: false,
        }),
      WebSocket: target.WebSocket,
      clock: this.#clock,
      random,
    });
  }

  /** Opens the session and the stream. */
  async open(): Promise<LinkGame> {
    const { events } = this.#options;
    const told = await this.#openGame({});
    this.#stream.on("*", (event) => {
      if (event.type !== "gap") events.happened(event);
      else if ("agents" in event) events.lost(event.agents ?? []);
    });
    this.#stream.on("connection", ({ current }) => {
      if (current.status === "live") {
        if (this.#wasLive) events.changed("connected");
        this.#wasLive = true;
      } else if (this.#wasLive && (current.status === "waiting" || current.status === "connecting")) {
        events.changed("reconnecting");
      }
    });
    this.#stream.on("error", (error) => {
      if (this.#stream.state.status === "stopped") events.stopped(error);
    });
    const game = told.game_id;
    this.#stream.open({ game_id: game });
    const patience = new AbortController();
    const cancel = this.#clock.setTimeout(() => patience.abort(), this.#options.timeoutMs);
    try {
      await this.#stream.ready(patience.signal);
    } finally {
      cancel();
    }
    const { agents } = await this.#caller.json(routes.gameAgents, { params: { game_id: game } });
    return { game_id: game, limits: told.limits, server: told.server, agents };
  }

  /** Makes a call of the contract by its name. Rejects with an AgentVMError. */
  async make(command: Command): Promise<LinkAnswer> {
    const route = routeOf(command.route);
    const input = {
      ...(command.params === undefined ? {} : { params: command.params }),
      query: command.query,
      body: command.body,
    };
    const totalTimeoutMs = command.timeout_ms;
    const options: CallOptions = {
      ...(command.key === undefined || route.method !== "POST" ? {} : { idempotencyKey: command.key }),
      ...(totalTimeoutMs === undefined ? {} : { totalTimeoutMs }),
    };
    if (route === routes.taskOutput) {
      const begin = (signal: AbortSignal) =>
        this.#caller.lines(routes.taskOutput, input, { ...options, signal });
      const how = { clock: this.#clock, offset: offsetOf(command) };
      return { value: await readOutputNow(begin, how), nextCursor: "" };
    }
    switch (route.answer.kind) {
      case "json": {
        const value = await this.#caller.json({ ...route, answer: route.answer }, input, options);
        // What the game has ended needs no goodbye any more.
        if (command.route === "gameDisconnect") this.#token = "";
        return { value, nextCursor: "" };
      }
      case "list": {
        const page = await this.#caller.page({ ...route, answer: route.answer }, input, options);
        return { value: page, nextCursor: page.nextCursor ?? "" };
      }
      case "text":
      case "ndjson":
        throw noRoute(command.route);
    }
  }

  /** Sends where agents are. What does not fit the contract is left out. */
  sendPositions(updates: readonly unknown[]): void {
    const fitting: PositionUpdate[] = [];
    for (const update of updates) {
      const parsed = z.safeParse(positionUpdateSchema, update);
      if (parsed.success) fitting.push(parsed.data);
    }
    if (fitting.length > 0) this.#stream.sendPositions(fitting);
  }

  /** The game's agents as they are now. */
  async agents(): Promise<readonly Agent[]> {
    if (this.#gameId === null) return [];
    const params = { game_id: this.#gameId };
    return (await this.#caller.json(routes.gameAgents, { params })).agents;
  }

  /** Ends everything; the server is told, if that can be done within two seconds. */
  async close(): Promise<void> {
    this.#cancelBeat?.();
    this.#lifetime.end();
    this.#stream.close();
    if (this.#token === "") return;
    try {
      await this.#farewell.json(routes.gameDisconnect, {}, { totalTimeoutMs: GOODBYE_MS });
    } catch (error) {
      // The session ends by itself a while after its last call.
      if (!isAgentVMError(error)) throw error;
    }
  }

  async #openGame(options: CallOptions) {
    const body = { sdk_version: PACKAGE_VERSION, ...this.#options.game, ...this.#knownGame() };
    const told = await this.#caller.json(routes.gameConnect, { body }, options);
    this.#token = told.session_token;
    this.#gameId = told.game_id;
    this.#websocketUrl = streamUrl(told.websocket_url, this.#endpoint);
    this.#credentials.adopt(told.session_token, async () => {
      await this.#openGame({});
    });
    this.#beatLater(told.heartbeat_seconds * 1_000);
    return told;
  }

  #knownGame(): { game_id?: string } {
    return this.#gameId === null ? {} : { game_id: this.#gameId };
  }

  #beatLater(everyMs: number): void {
    this.#cancelBeat?.();
    this.#cancelBeat = this.#clock.setTimeout(() => {
      this.#beatLater(everyMs);
      // A heartbeat that is lost is made good by the next one, or by any call.
      this.#caller.json(routes.gameHeartbeat).catch(() => undefined);
    }, everyMs);
  }
}

function routeOf(name: string): Route {
  const found = Object.entries(routes).find(([one]) => one === name)?.[1];
  if (found === undefined) throw noRoute(name);
  return found;
}

function noRoute(name: string): AgentVMError {
  return new AgentVMError(`There is no call ${JSON.stringify(name.slice(0, 64))}.`, {
    code: "invalid_request",
    outcome: "not_sent",
    remediation: "Use an addon and a script of the same version.",
  });
}

function offsetOf(command: Command): number {
  const offset = command.query?.["offset"];
  return typeof offset === "number" ? offset : 0;
}

/** Where the server says that the stream is, if that is the same host and no less safe; else beside the calls. */
function streamUrl(told: string, endpoint: string): string {
  const base = new URL(endpoint);
  const beside = `${endpoint.replace(/^http/, "ws")}/ws`;
  if (!URL.canParse(told)) return beside;
  const url = new URL(told);
  const safe = url.protocol === "wss:" || (url.protocol === "ws:" && base.protocol === "http:");
  return safe && url.hostname === base.hostname ? told : beside;
}
