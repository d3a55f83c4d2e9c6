import { PACKAGE_VERSION } from "../../contract/version.js";
import { sessionRoutes } from "../../contract/routes/session.js";
import type { AnswerOf, BodyOf, CancelTimer, Clock } from "../../contract/index.js";
import { isAgentVMError } from "../../errors/agentvm-error.js";
import type { Caller } from "../http/caller.js";
import type { Credentials } from "../http/credentials.js";
import type { Log } from "../http/logger.js";
import type { CallOptions } from "../http/options.js";
import type { SessionCallers } from "../http/session-caller.js";
import { assertLive, GOODBYE_MS, Lifetime, sleep, stopError, stoppable } from "../../lifetime.js";
import { onPageGone } from "../stream/page-gone.js";
import { goodbye } from "./goodbye.js";
import type { KeptSession } from "./kept-session.js";
import type { EventStream } from "../stream/event-stream.js";

/** What is known of the session that is open. */
export type Opened = Pick<AnswerOf<"gameConnect">, "game_id" | "websocket_url">;

/** A connect that is under way. */
interface Attempt {
  /** Ends when nobody wants what comes of it any more. */
  readonly wanted: Lifetime;
  /** Ends its requests, some time after that at the latest. */
  readonly requests: Lifetime;
  /** Lets go of who waits for it. */
  giveUp(): void;
  /** Whether a session that was kept for a later page is to be ended with it. */
  isEnded: boolean;
}

/** Gets the place in which the session is kept for a later page. */
export type Keeping = () => Promise<KeptSession>;

const CONNECT = "Connecting the game";

/** Milliseconds between two heartbeats at the least and at the most, whatever the server asks for. */
const BEAT_MIN_MS = 250;
const BEAT_MAX_MS = 3_600_000;

/** Milliseconds after its goodbye in which a page that goes away may still run; one that runs after them has stayed. */
const LAST_MOMENT_MS = 1_000;

interface SessionParts {
  readonly caller: Caller;
  readonly callers: SessionCallers;
  /** Whether the server is in the page, and goes away with it. */
  readonly isInPage: boolean;
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
  /** Its token; null too where the server has refused it. */
  #token: string | null = null;
  #attempt: Attempt | null = null;
  /** Connects that are under way, and sessions that are being ended since nobody wants them. They never reject. */
  readonly #loose = new Set<Promise<void>>();
  /** The disconnects that are under way; they never reject. */
  #ending: Promise<unknown> = Promise.resolve();
  /** Where the session is kept for a later page; null where it is not. */
  #kept: KeptSession | null = null;
  /** Whether the page has said that it goes away for good; some stay after all. */
  #isGone = false;
  #cancelBeat: CancelTimer | null = null;
  #stopWatching: (() => void) | null = null;
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

  /**
   * Opens a session. Another that is being opened meanwhile is given up. One that is given up, by that, by a disconnect, by `close()`
   * or by its signal, rejects at once; its request has `GOODBYE_MS` more, so that a session that was opened all the same can be ended.
   * With `keeping` a session that is kept is found again, and this one is kept.
   */
  async open(
    game: BodyOf<"gameConnect">,
    { signal, ...limits }: CallOptions = {},
    keeping: Keeping | null = null,
  ): Promise<AnswerOf<"gameConnect">> {
    const { clock, lifetime } = this.#parts;
    assertLive(lifetime, signal, CONNECT);
    this.#attempt?.giveUp();
    const stopped = () => stopError(lifetime, CONNECT, "unknown");
    return stoppable(lifetime, signal, stopped, (resolve, reject) => {
      const attempt: Attempt = {
        wanted: new Lifetime(),
        requests: new Lifetime(),
        giveUp: () => reject(stopped()),
        isEnded: false,
      };
      this.#attempt = attempt;
      let cancelPatience: CancelTimer | null = null;
      const opening = this.#open(attempt, game, limits, keeping, resolve).catch(reject);
      this.#loosen(opening.finally(() => cancelPatience?.()));
      return () => {
        if (this.#attempt === attempt) this.#attempt = null;
        attempt.wanted.end();
        cancelPatience ??= clock.setTimeout(() => attempt.requests.end(), GOODBYE_MS);
      };
    });
  }

  async #open(
    attempt: Attempt,
    game: BodyOf<"gameConnect">,
    options: CallOptions,
    keeping: Keeping | null,
    opened: (session: AnswerOf<"gameConnect">) => void,
  ): Promise<void> {
    const { callers } = this.#parts;
    const { wanted, requests } = attempt;
    const connect = (what: BodyOf<"gameConnect">, how: CallOptions) => {
      const body = { sdk_version: PACKAGE_VERSION, ...what };
      return callers.opening(wanted, requests).json(sessionRoutes.gameConnect, { body }, how);
    };
    const as = (token: string) => callers.opening(wanted, requests, token);
    const kept = keeping && (await keeping());
    try {
      const session = await (kept?.find({ connect, as, options }) ?? connect(game, options));
      if (!wanted.isOver) {
        this.#adopt(session, game, keeping, kept);
        opened(session);
        // One that was found again stays where it is kept.
      } else if (kept?.token !== session.session_token) {
        await goodbye(callers.as(session.session_token, requests));
      }
    } finally {
      const token = attempt.isEnded ? kept?.token : null;
      if (typeof token === "string") {
        kept?.forget();
        await goodbye(callers.as(token, requests));
      }
    }
  }

  #adopt(
    session: AnswerOf<"gameConnect">,
    game: BodyOf<"gameConnect">,
    keeping: Keeping | null,
    kept: KeptSession | null,
  ): void {
    const { game_id, session_token, websocket_url } = session;
    // A server may also give the session that is open already.
    if (this.#token !== null && this.#token !== session_token) {
      this.#kept?.forget();
      this.#loosen(goodbye(this.#parts.callers.as(this.#token, new Lifetime())));
    }
    this.#kept = kept?.write(session) === true ? kept : null;
    this.#token = session_token;
    this.#opened = { game_id, websocket_url };
    this.#parts.credentials.adopt(session_token, async () => {
      // The server closes the stream of a session that ends, and a page that goes lives on for a moment; one that stays goes on after it.
      if (this.#isGone) await this.#pageStays();
      // Another connect is on its way already, and must not be ended by this one.
      if (this.#attempt !== null) return this.#ended();
      this.#token = null;
      await this.open({ ...game, game_id }, {}, keeping);
    });
    if (!this.#parts.isInPage) this.#stopWatching ??= onPageGone(() => this.#leavePage());
    this.#beatLater(Math.min(BEAT_MAX_MS, Math.max(BEAT_MIN_MS, session.heartbeat_seconds * 1_000)));
  }

  /** Resolves when no disconnect is under way, so that who is told of it hears that first. */
  async rested(): Promise<void> {
    await this.#ending;
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
    if (this.#attempt !== null) this.#attempt.isEnded = true;
    this.#attempt?.giveUp();
    // First, since the server closes the stream of a session that ends, and the stream would connect the game again.
    stream.rest();
    // Where one is only being opened there is nothing to end yet but that.
    if (opened === null && this.#loose.size > 0) return this.#ended();
    try {
      await caller.json(sessionRoutes.gameDisconnect, {}, options);
    } catch (error) {
      const wasOpen = state.status !== "idle" && state.status !== "stopped";
      if (wasOpen && !lifetime.isOver && this.#opened === opened)
        stream.open(subscription, { resume: cursor });
      throw error;
    }
    if (this.#opened === opened) {
      this.#kept?.forget();
      this.#forget();
    }
    await this.#ended();
  }

  #loosen(ending: Promise<void>): void {
    const over = ending.finally(() => this.#loose.delete(over));
    this.#loose.add(over);
  }

  /** Resolves when the sessions that nobody wants have come to their end. */
  async #ended(): Promise<void> {
    await Promise.all(this.#loose);
  }

  /** Tells the server, if it listens, that this client is gone; not where the session is kept. */
  async close(): Promise<void> {
    await Promise.all([this.#sayGoodbye(), this.#ended()]);
  }

  async #sayGoodbye(): Promise<void> {
    if (!this.#opened) return;
    await this.#leave();
    this.#forget();
  }

  async #leave(): Promise<void> {
    // A session that is kept is that of whoever comes back.
    if (this.#kept === null) await goodbye(this.#parts.callers.farewell);
  }

  #leavePage(): void {
    this.#isGone = true;
    void this.#leave();
  }

  async #pageStays(): Promise<void> {
    const { clock, lifetime } = this.#parts;
    await sleep(clock, LAST_MOMENT_MS, lifetime, undefined, () => stopError(lifetime, CONNECT, "not_sent"));
    this.#isGone = false;
  }

  #forget(): void {
    this.#stopBeats();
    this.#stopWatching?.();
    this.#stopWatching = null;
    this.#opened = null;
    this.#token = null;
    this.#kept = null;
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
