import { PACKAGE_VERSION } from "../contract/version.js";
import { sessionRoutes } from "../contract/routes/session.js";
import type { AnswerOf, BodyOf, CancelTimer, Clock } from "../contract/index.js";
import { isAgentVMError } from "../errors/agentvm-error.js";
import type { Caller } from "../http/caller.js";
import type { Credentials } from "../http/credentials.js";
import type { Log } from "../http/logger.js";
import type { CallOptions } from "../http/options.js";
import { GOODBYE_MS } from "../lifetime.js";
import type { Lifetime } from "../lifetime.js";
import type { EventStream } from "../realtime/event-stream.js";

/** What is known of the session that is open. */
export type Opened = Pick<AnswerOf<"gameConnect">, "game_id" | "websocket_url">;

/** Milliseconds between two heartbeats at the least and at the most, whatever the server asks for. */
const BEAT_MIN_MS = 250;
const BEAT_MAX_MS = 3_600_000;

interface SessionParts {
  readonly caller: Caller;
  /** Makes calls when the client is closed already. */
  readonly farewell: Caller;
  readonly credentials: Credentials;
  readonly stream: Pick<EventStream, "state" | "cursor" | "subscription" | "open" | "rest">;
  readonly lifetime: Lifetime;
  readonly clock: Clock;
  readonly log: Log | undefined;
}

/** The game session of a client: opened, kept alive, opened again when the server has forgotten it, ended. */
export class Session {
  readonly #parts: SessionParts;
  #opened: Opened | null = null;
  #cancelBeat: CancelTimer | null = null;
  readonly #stopBeats = (): void => {
    this.#cancelBeat?.();
    this.#cancelBeat = null;
  };

  constructor(parts: SessionParts) {
    this.#parts = parts;
    parts.lifetime.add(this.#stopBeats);
  }

  /** The session that this client opened and makes its calls with; null when there is none. */
  get opened(): Opened | null {
    return this.#opened;
  }

  async open(game: BodyOf<"gameConnect">, options?: CallOptions): Promise<AnswerOf<"gameConnect">> {
    const { caller, credentials } = this.#parts;
    const body = { sdk_version: PACKAGE_VERSION, ...game };
    const session = await caller.json(sessionRoutes.gameConnect, { body }, options);
    this.#opened = { game_id: session.game_id, websocket_url: session.websocket_url };
    credentials.adopt(session.session_token, async () => {
      await this.open({ ...game, game_id: session.game_id });
    });
    this.#beatLater(Math.min(BEAT_MAX_MS, Math.max(BEAT_MIN_MS, session.heartbeat_seconds * 1_000)));
    return session;
  }

  async end(options?: CallOptions): Promise<void> {
    const { caller, lifetime, stream } = this.#parts;
    const { state, subscription, cursor } = stream;
    // First, since the server closes the stream of a session that ends, and the stream would connect the game again.
    stream.rest();
    try {
      await caller.json(sessionRoutes.gameDisconnect, {}, options);
    } catch (error) {
      const wasOpen = state.status !== "idle" && state.status !== "stopped";
      if (wasOpen && !lifetime.isOver) stream.open(subscription, { resume: cursor });
      throw error;
    }
    this.#forget();
  }

  /** Tells the server, if it listens, that this client is gone. */
  async close(): Promise<void> {
    if (!this.#opened) return;
    try {
      await this.#parts.farewell.json(sessionRoutes.gameDisconnect, {}, { timeoutMs: GOODBYE_MS });
    } catch {
      // The session ends by itself a while after its last call.
    }
    this.#forget();
  }

  #forget(): void {
    this.#stopBeats();
    this.#opened = null;
    this.#parts.credentials.drop();
  }

  #beatLater(everyMs: number): void {
    const { caller, clock, lifetime, log } = this.#parts;
    this.#stopBeats();
    if (lifetime.isOver) return;
    this.#cancelBeat = clock.setTimeout(() => {
      this.#beatLater(everyMs);
      caller.json(sessionRoutes.gameHeartbeat).catch((error: unknown) => {
        log?.("warn", `The session's heartbeat failed: ${isAgentVMError(error) ? error.message : "unknown"}`);
      });
    }, everyMs);
  }
}
