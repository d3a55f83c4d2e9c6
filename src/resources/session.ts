import { PACKAGE_VERSION } from "../contract/version.js";
import { sessionRoutes } from "../contract/routes/session.js";
import type { AnswerOf, BodyOf, CancelTimer, Clock } from "../contract/index.js";
import { isAgentVMError } from "../errors/agentvm-error.js";
import type { Caller } from "../http/caller.js";
import type { Credentials } from "../http/credentials.js";
import type { Log } from "../http/logger.js";
import type { CallOptions } from "../http/options.js";
import { GOODBYE_MS, stopError } from "../lifetime.js";
import type { Lifetime } from "../lifetime.js";
import type { EventStream } from "../realtime/event-stream.js";

/** What is known of the session that is open. */
export type Opened = Pick<AnswerOf<"gameConnect">, "game_id" | "websocket_url">;

/** A connect that is under way. */
interface Attempt {
  /** Whether nobody wants what comes of it any more. */
  isGivenUp: boolean;
  /** Resolves when it has come to its end, and with it the session that nobody wants; it never rejects. */
  readonly over: Promise<void>;
}

/** Milliseconds between two heartbeats at the least and at the most, whatever the server asks for. */
const BEAT_MIN_MS = 250;
const BEAT_MAX_MS = 3_600_000;

interface SessionParts {
  readonly caller: Caller;
  /** Makes calls when the client is closed already. */
  readonly farewell: Caller;
  /** Makes calls as the session of a token, whatever session the client has. */
  asSession(token: string): Caller;
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
  #attempt: Attempt | null = null;
  /** The disconnects that are under way; they never reject. */
  #ending: Promise<unknown> = Promise.resolve();
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

  /** Opens a session. Another that is being opened meanwhile is given up, and ended when it comes. */
  open(game: BodyOf<"gameConnect">, options?: CallOptions): Promise<AnswerOf<"gameConnect">> {
    if (this.#attempt !== null) this.#attempt.isGivenUp = true;
    let end = (): void => undefined;
    const attempt: Attempt = { isGivenUp: false, over: new Promise((resolve) => (end = resolve)) };
    this.#attempt = attempt;
    return this.#open(attempt, game, options).finally(() => {
      if (this.#attempt === attempt) this.#attempt = null;
      end();
    });
  }

  /** Resolves when no disconnect is under way, so that who is told of it hears that first. */
  async rested(): Promise<void> {
    await this.#ending;
  }

  async #open(
    attempt: Attempt,
    game: BodyOf<"gameConnect">,
    options?: CallOptions,
  ): Promise<AnswerOf<"gameConnect">> {
    const { caller, credentials, lifetime } = this.#parts;
    const body = { sdk_version: PACKAGE_VERSION, ...game };
    const session = await caller.json(sessionRoutes.gameConnect, { body }, options);
    if (attempt.isGivenUp) {
      await this.#endOrphan(session.session_token);
      throw stopError(lifetime, "The connect, which a disconnect or another connect came after", "rejected");
    }
    this.#opened = { game_id: session.game_id, websocket_url: session.websocket_url };
    credentials.adopt(session.session_token, async () => {
      await this.open({ ...game, game_id: session.game_id });
    });
    this.#beatLater(Math.min(BEAT_MAX_MS, Math.max(BEAT_MIN_MS, session.heartbeat_seconds * 1_000)));
    return session;
  }

  /** Ends the session, and the connect that is under way. */
  end(options?: CallOptions): Promise<void> {
    const ended = this.#end(options);
    this.#ending = ended.catch(() => undefined);
    return ended;
  }

  async #end(options?: CallOptions): Promise<void> {
    const { caller, lifetime, stream } = this.#parts;
    const { state, subscription, cursor } = stream;
    const opened = this.#opened;
    const attempt = this.#attempt;
    if (attempt !== null) attempt.isGivenUp = true;
    // First, since the server closes the stream of a session that ends, and the stream would connect the game again.
    stream.rest();
    // Where one is only being opened there is nothing to end yet but that.
    if (opened === null && attempt !== null) return attempt.over;
    try {
      await caller.json(sessionRoutes.gameDisconnect, {}, options);
    } catch (error) {
      const wasOpen = state.status !== "idle" && state.status !== "stopped";
      if (wasOpen && !lifetime.isOver && this.#opened === opened)
        stream.open(subscription, { resume: cursor });
      throw error;
    }
    if (this.#opened === opened) this.#forget();
    await attempt?.over;
  }

  async #endOrphan(token: string): Promise<void> {
    try {
      await this.#parts.asSession(token).json(sessionRoutes.gameDisconnect, {}, { timeoutMs: GOODBYE_MS });
    } catch {
      // It ends by itself a while after its last call.
    }
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
