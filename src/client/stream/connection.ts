import { loadWebSocket } from "#websocket";
import type {
  CancelTimer,
  CommandMethod,
  Cursor,
  EventType,
  Positions,
  Subscribe,
} from "../../contract/index.js";
import { POSITION_UPDATES_MAX } from "../../contract/agents.js";
import { DIRECT } from "../../contract/direct.js";
import { PROTOCOL_VERSION } from "../../contract/version.js";
import { AgentVMError, isAgentVMError } from "../../errors/agentvm-error.js";
import { ContractError } from "../../errors/contract-error.js";
import type { Lifetime } from "../../lifetime.js";
import { Commands } from "./commands.js";
import type { PositionsSettled } from "./commands.js";
import { decode, handed } from "./decode.js";
import { runtimeLifecycle } from "./lifecycle.js";
import { describe, initialState, step } from "./machine.js";
import type { Action, Effect, Input, MachineState, Tell, TimerName } from "./machine-types.js";
import { phases } from "./phases.js";
import type { EventStreamPorts, WebSocketConstructor, WebSocketLike } from "./ports.js";
import type { StreamCredentials } from "../http/credentials.js";
import { SendBudget } from "./send-budget.js";
import type { ConnectionState, StreamEvent } from "./stream-events.js";
import { ViewerFrames } from "./viewer-frames.js";
import type { Viewer } from "./viewer.js";

/** Bytes that may wait in the socket before it is not written to any more. */
const SEND_BUFFER_MAX_BYTES = 1_048_576;

/** Frames that could not be used and are told one by one, within so many milliseconds; so many of them end the connection. */
const PROBLEMS_TOLD = 5;
const PROBLEMS_MAX = 100;
const PROBLEMS_MS = 10_000;

/** The code of a socket that is closed since its other side does not keep to what was agreed. */
const PROTOCOL_ERROR = 1002;

/** What the connection tells its owner. */
export interface ConnectionOwner {
  /** The stream's own end: what is under way ends with it. */
  readonly lifetime: Lifetime;
  tell(event: StreamEvent): void;
  /** Whether anybody listens to events of a type. */
  hears(type: EventType): boolean;
  changed(state: ConnectionState): void;
  failed(error: AgentVMError): void;
}

type News =
  | Exclude<Tell, { readonly type: "connection" }>
  | { readonly type: "changed"; readonly state: ConnectionState };

/** What an open stream holds. `wakes` is 1 while the network and the page are listened to. */
export interface Handles {
  /** Commands that wait for their answers. */
  readonly commands: number;
  readonly sockets: number;
  readonly timers: number;
  readonly wakes: number;
  /** Bytes that wait in the socket. */
  readonly unsentBytes: number;
}

/** Runs the machine: it owns the socket, the timers and what was asked for, and decides nothing. */
export class Connection {
  readonly #ports: EventStreamPorts;
  readonly #owner: ConnectionOwner;
  readonly #commands: Commands;
  readonly #timers = new Map<TimerName, CancelTimer>();
  #machine: MachineState;
  #state: ConnectionState;
  #socket: WebSocketLike | null = null;
  #budget = new SendBudget();
  #problems = { since: -Infinity, count: 0 };
  #asked: AbortController | null = null;
  #credentials: StreamCredentials | null = null;
  #WebSocket: WebSocketConstructor | null;
  #news: News[] = [];
  #telling = false;
  #wakes: (() => void) | null = null;
  readonly #viewer: ViewerFrames;
  #features: readonly string[] = [];
  /** Frames of positions that were sent. */
  #frames = 0;

  constructor(ports: EventStreamPorts, owner: ConnectionOwner) {
    this.#ports = ports;
    this.#owner = owner;
    this.#commands = new Commands({
      clock: ports.clock,
      lifetime: owner.lifetime,
      commandError: ports.commandError,
      send: (text) => this.send(text),
    });
    this.#viewer = new ViewerFrames(ports.clock, (text) => this.send(text));
    this.#WebSocket = ports.WebSocket ?? null;
    this.#machine = initialState(ports.reconnectGame !== undefined);
    this.#state = describe(this.#machine);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Whether what is sent goes out at once. */
  get canSend(): boolean {
    return phases[this.#machine.phase].maySend;
  }

  get cursor(): Cursor | null {
    return this.#machine.cursor;
  }

  /** What is held. */
  get handles(): Handles {
    return {
      commands: this.#commands.size,
      sockets: this.#socket === null ? 0 : 1,
      timers: this.#timers.size + this.#viewer.timers + this.#commands.timers,
      wakes: this.#wakes === null ? 0 : 1,
      unsentBytes: this.#socket?.bufferedAmount ?? 0,
    };
  }

  /** Sends a frame; false where the stream is not live, the socket is full, or the server's limit is near. */
  send(text: string): boolean {
    return this.#maySend() && this.#write(text);
  }

  /** Makes a call over the stream. */
  command(
    method: CommandMethod,
    params: Record<string, unknown>,
    id: string,
    signal: AbortSignal | undefined,
    timeoutMs: number | undefined,
  ): Promise<unknown> {
    return this.#commands.run(id, method, params, signal, timeoutMs);
  }

  /** Sends where agents are, in as many frames as it takes, and tells what came of each; false when not all went out. */
  sendPositions({ updates, ...rest }: Positions, settled: PositionsSettled): boolean {
    for (let from = 0; from < updates.length; from += POSITION_UPDATES_MAX) {
      const part = updates.slice(from, from + POSITION_UPDATES_MAX);
      if (!this.#commands.takesPositions || !this.#maySend()) return false;
      const id = `p${(this.#frames += 1)}`;
      this.#commands.expect(id, settled);
      if (!this.#writePositions({ id, ...rest, updates: part })) {
        this.#commands.forget(id);
        return false;
      }
    }
    return true;
  }

  /** Takes where the game is looked at from; null for nowhere. */
  setViewer(viewer: Viewer | null): void {
    this.#viewer.set(viewer);
  }

  dispatch(input: Input): void {
    const { clock, random } = this.#ports;
    if (input.type === "message" && input.incoming.type === "welcome") {
      this.#features = input.incoming.features ?? [];
    }
    const { state, effects } = step(this.#machine, input, { now: clock.now(), chance: random() });
    this.#machine = state;
    // After close nothing more is told of what came before it.
    if (input.type === "open") this.#listenForWakes();
    if (input.type === "close") this.#news = this.#news.filter(({ type }) => type === "changed");
    for (const effect of effects) this.#perform(effect);
    if (!this.#telling) this.#tellAll();
  }

  #listenForWakes(): void {
    const { lifecycle = runtimeLifecycle() } = this.#ports;
    this.#wakes ??= lifecycle?.subscribe(() => this.dispatch({ type: "wake" })) ?? null;
  }

  #sleep(): void {
    this.#wakes?.();
    this.#wakes = null;
  }

  /** What a listener causes while it is told something is told after it, so that all hear all in one order. */
  #tellAll(): void {
    this.#telling = true;
    for (let news = this.#news.shift(); news !== undefined; news = this.#news.shift()) {
      this.#tell(news);
    }
    this.#telling = false;
  }

  #tell(news: News): void {
    switch (news.type) {
      case "changed":
        return this.#owner.changed(news.state);
      case "event":
        return this.#owner.tell(news.event);
      case "gap":
        return this.#owner.tell(news.gap);
      case "ack":
        return this.#commands.settle(news.ack);
      case "problem":
        return this.#tellProblem(news.problem);
    }
  }

  /** A few are told as they are; past many within a short time the connection is let go of, and comes back after a while. */
  #tellProblem(problem: string): void {
    const now = this.#ports.clock.now();
    const isOver = Math.abs(now - this.#problems.since) > PROBLEMS_MS;
    this.#problems = isOver
      ? { since: now, count: 1 }
      : { ...this.#problems, count: this.#problems.count + 1 };
    const { count } = this.#problems;
    const isTooMuch = count === PROBLEMS_MAX;
    if (count > PROBLEMS_TOLD && !isTooMuch) return;
    this.#owner.failed(
      new ContractError(`The event stream sent what could not be used: ${problem}.`, {
        code: "contract_mismatch",
        outcome: "unknown",
        remediation: isTooMuch
          ? `That was so ${count} times within ${PROBLEMS_MS} ms, so the connection was closed. Check what answers at the endpoint.`
          : "The stream went on. Check that the server speaks this version of the contract.",
      }),
    );
    if (!isTooMuch) return;
    this.#problems = { since: now, count: PROBLEMS_TOLD };
    this.dispatch({ type: "socket_closed", connection: this.#machine.connection, code: PROTOCOL_ERROR });
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case "connection": {
        const state = describe(this.#machine);
        this.#state = state;
        if (phases[this.#machine.phase].end !== "no") this.#sleep();
        if (state.status === "live") this.#viewer.welcome(this.#features);
        this.#news.push({ type: "changed", state });
        return;
      }
      case "event":
      case "gap":
      case "ack":
      case "problem":
        this.#news.push(effect);
        return;
      default:
        this.#act(effect);
    }
  }

  #act(action: Action): void {
    const { clock } = this.#ports;
    switch (action.type) {
      case "set_timer": {
        const { name, delayMs } = action;
        this.#timers.get(name)?.();
        const fire = () => {
          this.#timers.delete(name);
          this.dispatch({ type: "timer", name });
        };
        this.#timers.set(name, clock.setTimeout(fire, delayMs));
        return;
      }
      case "cancel_timer":
        this.#timers.get(action.name)?.();
        this.#timers.delete(action.name);
        return;
      case "connect_game":
        this.#connectGame(action.connection);
        return;
      case "get_credentials":
        this.#getCredentials(action.connection, action.fresh);
        return;
      case "open_socket":
        this.#openSocket(action.connection);
        return;
      case "send_hello":
        this.#sendHello(action.resume, action.subscribe);
        return;
      case "send_pong":
        // A server that asks without reading would fill this side's memory with answers.
        if ((this.#socket?.bufferedAmount ?? 0) > SEND_BUFFER_MAX_BYTES) return;
        this.#budget.take(clock.now());
        this.#write(JSON.stringify({ type: "pong", t: action.t }));
        return;
      case "take_snapshot":
        this.#takeSnapshot(action.connection, action.gameId);
        return;
      case "drop":
        this.#drop(action.dead);
    }
  }

  #connectGame(connection: number): void {
    this.#ask(
      async (signal) => this.#ports.reconnectGame?.(signal),
      () => this.dispatch({ type: "game_connected", connection }),
      (final) => this.dispatch({ type: "game_failed", connection, final }),
    );
  }

  #getCredentials(connection: number, fresh: boolean): void {
    this.#ask(
      async (signal) => {
        this.#WebSocket ??= await loadWebSocket();
        return this.#ports.credentials(fresh, signal);
      },
      (credentials) => {
        this.#credentials = credentials;
        this.dispatch({ type: "credentials_ready", connection });
      },
      (final) => this.dispatch({ type: "credentials_failed", connection, final }),
    );
  }

  #takeSnapshot(connection: number, gameId: string): void {
    this.#ask(
      async (signal) => this.#ports.snapshot(gameId, signal),
      (snapshot) => this.dispatch({ type: "snapshot_ready", connection, snapshot }),
      () => this.dispatch({ type: "snapshot_failed", connection }),
    );
  }

  /** Waits for a promise on behalf of the present connection; after that is dropped, its end is ignored. */
  #ask<T>(
    what: (signal: AbortSignal) => Promise<T>,
    ready: (value: T) => void,
    failed: (final: boolean) => void,
  ): void {
    const { signal } = (this.#asked ??= new AbortController());
    what(signal).then(
      (value) => {
        if (!signal.aborted) ready(value);
      },
      (thrown: unknown) => {
        if (signal.aborted) return;
        const error = asError(thrown);
        this.#owner.failed(error);
        failed(isFinal(error));
      },
    );
  }

  #openSocket(connection: number): void {
    const WebSocket = this.#WebSocket;
    if (WebSocket === null) return;
    this.#budget = new SendBudget();
    const closed = (code: number) => this.dispatch({ type: "socket_closed", connection, code });
    try {
      const socket = new WebSocket(this.#ports.url());
      socket.onopen = () => this.dispatch({ type: "socket_opened", connection });
      socket.onmessage = ({ data }: { readonly data: unknown }) =>
        this.dispatch({ type: "message", connection, incoming: decode(data) });
      const direct = socket[DIRECT];
      if (direct !== undefined) {
        direct.onevents = (events, prev) =>
          this.dispatch({ type: "message", connection, incoming: handed(events, prev) });
        direct.hears = (type) => this.#owner.hears(type);
      }
      // A close always follows an error, and tells more.
      socket.onerror = ignore;
      socket.onclose = ({ code }: { readonly code: number }) => closed(code);
      this.#socket = socket;
    } catch (thrown) {
      this.#owner.failed(asError(thrown));
      closed(1006);
    }
  }

  #sendHello(resume: Cursor | null, subscribe: Subscribe): void {
    this.#budget.take(this.#ports.clock.now());
    this.#write(
      JSON.stringify({
        type: "hello",
        protocol: PROTOCOL_VERSION,
        ...this.#credentials,
        ...(resume === null ? {} : { resume }),
        subscribe,
      }),
    );
    this.#credentials = null;
  }

  #maySend(): boolean {
    const socket = this.#socket;
    if (socket === null || !this.canSend || socket.bufferedAmount > SEND_BUFFER_MAX_BYTES) return false;
    return this.#budget.take(this.#ports.clock.now());
  }

  #write(text: string): boolean {
    try {
      this.#socket?.send(text);
      return true;
    } catch {
      // The socket is closing; its close event says the rest.
      return false;
    }
  }

  #writePositions(positions: Positions): boolean {
    const direct = this.#socket?.[DIRECT];
    if (direct === undefined) return this.#write(JSON.stringify({ type: "positions", ...positions }));
    direct.sendPositions(positions);
    return true;
  }

  #drop(dead: boolean): void {
    this.#asked?.abort();
    this.#asked = null;
    this.#credentials = null;
    const socket = this.#socket;
    this.#socket = null;
    if (socket !== null) {
      socket.onopen = null;
      socket.onmessage = null;
      const direct = socket[DIRECT];
      if (direct !== undefined) direct.onevents = null;
      socket.onclose = null;
      // `ws` throws an error that nobody handles, and closing while it connects is one.
      socket.onerror = ignore;
      if (dead && socket.terminate !== undefined) socket.terminate();
      else socket.close(1000);
    }
    this.#commands.lose();
    this.#viewer.lose();
  }
}

function ignore(): void {
  // Nothing to do.
}

/** Whether another try cannot help. */
function isFinal(error: AgentVMError): boolean {
  return error.status === 401 || error.status === 403 || ["ConfigError", "ClosedError"].includes(error.name);
}

function asError(thrown: unknown): AgentVMError {
  if (isAgentVMError(thrown)) return thrown;
  return new AgentVMError(
    thrown instanceof Error ? thrown.message : "Something that is no Error was thrown.",
    {
      code: "stream_failed",
      outcome: "unknown",
      retryable: true,
      remediation: "Look at what was handed to the client: getToken, WebSocket, the endpoint.",
    },
  );
}
