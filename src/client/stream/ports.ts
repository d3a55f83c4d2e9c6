import type { DIRECT, DirectSocket, PrepareSocket } from "../../contract/direct.js";
import type { Agent, Clock, Cursor, ErrorBody, Random } from "../../contract/index.js";
import type { StreamCredentials } from "../http/credentials.js";

/**
 * What is used of a WebSocket: the browser's own, Node's, that of `ws`, or the embedded backend's.
 * Handlers take `never` so that every implementation's own event classes fit.
 */
export interface WebSocketLike {
  readonly bufferedAmount: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  /** Lets a dead connection go without waiting for the other side; only some have it. */
  terminate?(): void;
  /** The way without text; only the embedded backend's has it. */
  readonly [DIRECT]?: DirectSocket;
}

/** Opens a WebSocket. */
export interface WebSocketConstructor {
  new (url: string): WebSocketLike;
  /** Says that one will be opened soon; only the embedded backend's has it, which loads its side of the stream then. */
  readonly [DIRECT]?: PrepareSocket;
}

/** Tells when a new try is promising: the network is back, the page is shown again. */
export interface Lifecycle {
  /** Calls `wake` at each such moment until the answer is called. */
  subscribe(wake: () => void): () => void;
}

/** Where the stream says what it lives on with. */
export interface StreamLogger {
  warn(message: string): void;
}

/** The game's agents at one place of the stream. */
export interface AgentsSnapshot {
  readonly agents: readonly Agent[];
  readonly cursor: Cursor;
}

/** What the stream needs of the world around it. A promise that is late after `signal` is aborted is ignored. */
export interface EventStreamPorts {
  /** Where the stream is, as `wss://…/ws`. Asked before each connection. */
  url(): string;
  /** Gets what the hello carries; `fresh` after the server refused the last ones. */
  credentials(fresh: boolean, signal: AbortSignal): Promise<StreamCredentials>;
  /** Opens a new session for the game; left out where there is no key to do it with. */
  reconnectGame?: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** `GET /game/agents/{game_id}`. */
  snapshot(gameId: string, signal: AbortSignal): Promise<AgentsSnapshot>;
  /** The error that a refused command rejects with, the same as the REST call's; `status` is the one of its code, `where` that call. */
  readonly commandError: (body: ErrorBody, status: number, where: string) => Error;
  /** Opens sockets; the runtime's own when left out. */
  readonly WebSocket?: WebSocketConstructor | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** The page's or worker's own when left out; null for none. */
  readonly lifecycle?: Lifecycle | null | undefined;
  readonly logger?: StreamLogger | undefined;
}
