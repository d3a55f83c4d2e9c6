import { positionUpdateSchema } from "../contract/agents.js";
import { systemClock } from "../contract/clock.js";
import { playRoutes as routes } from "../contract/play-routes.js";
import { check, describeProblems } from "../contract/schema.js";
import type {
  Agent,
  BodyOf,
  Clock,
  PositionsResult,
  PositionUpdate,
  Random,
  Route,
} from "../contract/index.js";
import { systemRandom } from "../clock.js";
import { AgentVMError } from "../errors/agentvm-error.js";
import { TimeoutError } from "../errors/timeout-error.js";
import { createLink } from "../client/link.js";
import { answerLines } from "../client/http/answer-lines.js";
import type { Caller } from "../client/http/caller.js";
import { Credentials } from "../client/http/credentials.js";
import { fetchTransport } from "../client/http/fetch-transport.js";
import type { CallOptions } from "../client/http/options.js";
import { directTransportOf } from "../client/http/direct.js";
import type { Fetch } from "../client/http/transport.js";
import { Lifetime } from "../lifetime.js";
import { checkAddress } from "../options.js";
import type { Environment } from "../options.js";
import { Connection } from "../client/stream/connection.js";
import type { EventStream, StreamRunner } from "../client/stream/event-stream.js";
import type { WebSocketConstructor } from "../client/stream/ports.js";
import { untilLive } from "../client/stream/ready.js";
import { isStreamUnavailable, streamUnavailable } from "../client/stream/stream-errors.js";
import type { LogEvent } from "../client/stream/stream-events.js";
import type { Session } from "../client/resources/session.js";
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
  /** Where the user says that the event stream is; empty for nowhere in particular. */
  readonly websocketUrl?: string | undefined;
  readonly timeoutMs: number;
  /** Whose numbers the game's moves have. */
  readonly clientId?: string | undefined;
  /** What the session is asked for. */
  readonly game: BodyOf<"gameConnect">;
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

/** One game's session, calls and events over the parts of the SDK, in the words of the wire. */
export class GameLink {
  readonly #options: GameLinkOptions;
  readonly #clock: Clock;
  readonly #lifetime = new Lifetime();
  readonly #caller: Caller;
  readonly #stream: EventStream<StreamRunner>;
  readonly #session: Session;
  #wasLive = false;

  /** Throws a ConfigError for an endpoint that must not be used. */
  constructor(options: GameLinkOptions) {
    const { target, environment, timeoutMs, websocketUrl: streamAddress = "" } = options;
    const lifetime = this.#lifetime;
    const clock = options.clock ?? systemClock();
    const credentials = new Credentials({ apiKey: target.apiKey });
    const direct = directTransportOf(target.fetch);
    const parts = {
      endpoint: checkAddress("endpoint", target.endpoint, environment),
      transport: direct ?? fetchTransport(target.fetch),
      credentials,
      lifetime,
      clock,
      random: options.random ?? systemRandom(),
      log: undefined,
      retries: 2,
      timeoutMs: Math.max(5_000, timeoutMs / 2),
      totalTimeoutMs: timeoutMs,
    };
    const websocketUrl =
      streamAddress === "" ? undefined : checkAddress("websocketUrl", streamAddress, environment);
    // A game follows its tasks and agents by the events alone.
    const load = () => Promise.resolve({ Connection });
    const { WebSocket } = target;
    const link = createLink({ ...parts, isInPage: direct !== undefined, load, websocketUrl, WebSocket });
    this.#options = options;
    this.#clock = clock;
    this.#caller = link.caller;
    this.#stream = link.stream;
    this.#session = link.session;
  }

  /** Opens the session and the stream. */
  async open(): Promise<LinkGame> {
    const { events, game, timeoutMs } = this.#options;
    const { game_id, limits, server } = await this.#session.open(game);
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
    this.#stream.open({ game_id });
    const patience = new AbortController();
    const cancel = this.#clock.setTimeout(() => patience.abort(), timeoutMs);
    try {
      await untilLive(this.#stream, this.#lifetime, patience.signal);
    } finally {
      cancel();
    }
    return { game_id, limits, server, agents: await this.agents() };
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
        answerLines(this.#caller, routes.taskOutput, input, { ...options, signal });
      const how = { clock: this.#clock, offset: offsetOf(command) };
      return { value: await readOutputNow(begin, how), nextCursor: "" };
    }
    // Here and not as a call of its own: what the game has ended is neither opened again nor told goodbye.
    if (route === routes.gameDisconnect) {
      await this.#session.end(options);
      return { value: { success: true }, nextCursor: "" };
    }
    switch (route.answer.kind) {
      case "json":
        return {
          value: await this.#caller.json({ ...route, answer: route.answer }, input, options),
          nextCursor: "",
        };
      case "list": {
        const page = await this.#caller.page({ ...route, answer: route.answer }, input, options);
        return { value: page, nextCursor: page.nextCursor ?? "" };
      }
      case "text":
        return { value: await this.#caller.text(route, options, input), nextCursor: "" };
      case "ndjson":
        throw noRoute(command.route);
    }
  }

  /**
   * Sends where agents are, and tells what came to nothing. What does not fit the contract is not sent, and is among that. Rejects with a
   * NetworkError where they did not get there, with another error where none of them was taken.
   */
  async sendPositions(updates: readonly Readonly<Record<string, unknown>>[]): Promise<PositionsResult> {
    const fitting: PositionUpdate[] = [];
    const unfit: NonNullable<PositionsResult["failed"]> = [];
    for (const update of updates) {
      const checked = check(positionUpdateSchema, update, "update");
      if (checked.ok) {
        fitting.push(checked.value);
      } else {
        const error = `The position is not valid: ${describeProblems(checked.problems.slice(0, 1))}.`;
        unfit.push({ agent_id: String(update["agent_id"]), code: "invalid_request", error });
      }
    }
    const said = fitting.length === 0 ? {} : await this.#send(fitting);
    return unfit.length === 0 ? said : { ...said, failed: [...unfit, ...(said.failed ?? [])] };
  }

  #send(updates: PositionUpdate[]): Promise<PositionsResult> {
    return new Promise((resolve, reject) => {
      const positions = { client_id: this.#options.clientId, updates };
      const wentOut = this.#stream.sendPositions(positions, (outcome) => {
        if (outcome === null) reject(streamUnavailable("unknown"));
        else if (!(outcome instanceof Error)) resolve(outcome);
        else reject(isStreamUnavailable(outcome) ? unanswered() : outcome);
      });
      if (!wentOut) reject(streamUnavailable("not_sent"));
    });
  }

  /** The game's agents as they are now. */
  async agents(): Promise<readonly Agent[]> {
    const { opened } = this.#session;
    if (opened === null) return [];
    const params = { game_id: opened.game_id };
    return (await this.#caller.json(routes.gameAgents, { params })).agents;
  }

  /** Ends everything; the server is told, if that can be done within two seconds. */
  async close(): Promise<void> {
    this.#lifetime.end();
    this.#stream.close();
    await this.#session.close();
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

function unanswered(): TimeoutError {
  return new TimeoutError("The server did not say in time what came of the positions.", {
    code: "timeout",
    outcome: "unknown",
    retryable: true,
    remediation: "Look whether the server still answers.",
  });
}

function offsetOf(command: Command): number {
  const offset = command.query?.["offset"];
  return typeof offset === "number" ? offset : 0;
}
