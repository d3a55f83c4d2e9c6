import type { CancelTimer, Clock, Random } from "../contract/index.js";
import type { Environment } from "../options.js";
import { failure, failureOf } from "./failure.js";
import type { WireFailure } from "./failure.js";
import type { Frames } from "./frames.js";
import { GameLink } from "./game-link.js";
import type { LinkGame, Target } from "./game-link.js";
import type { Command, PositionsMessage, StartMessage } from "./messages.js";
import { Outbox, subjectOf } from "./outbox.js";
import type { News, Push } from "./outbox.js";

/** Commands that may wait at the same time; one more is refused. */
export const COMMANDS_MAX = 10_000;

/** Commands that are made at the same time; the others wait for their turn. */
export const CONCURRENT_MAX = 64;

/** Milliseconds until a snapshot that could not be had is asked for again. */
const RETRY_MS = 2_000;

/** The command whose answer is that of `start`. */
export const START_ID = 0;

/** What a client of the facade is made with. */
export interface GodotClientParts {
  readonly clock: Clock;
  readonly frames: Frames;
  readonly random?: Random | undefined;
  /** Gives a push to the game. Whatever it throws is the game's own. */
  readonly push: (push: Push) => void;
}

/** One manager of the game: its link, and what waits to go either way. */
export class GodotClient {
  readonly #parts: GodotClientParts;
  readonly #outbox = new Outbox();
  readonly #queue: Command[] = [];
  readonly #interval: number;
  #link: GameLink | null = null;
  #running = 0;
  #cancelFrame: (() => void) | null = null;
  #cancelTimer: CancelTimer | null = null;
  #isClosed = false;
  /** Whether what there is to connect to is still to come, and commands wait for it. */
  #isWaiting = false;
  #isMakingGood = false;

  constructor(parts: GodotClientParts, updateFrequency: number) {
    this.#parts = parts;
    this.#interval = 1_000 / updateFrequency;
  }

  /**
   * Begins to connect, once there is something to connect to; the answer comes as the reply to command 0. Throws a ConfigError for a bad
   * endpoint.
   */
  start(target: Target | Promise<Target>, message: StartMessage): void {
    const opened =
      target instanceof Promise
        ? target.then((found) => this.#open(found, message))
        : this.#open(target, message);
    opened.then(
      (value) => this.#reply(START_ID, value, ""),
      (error: unknown) => this.#refuse(START_ID, failureOf(error)),
    );
    if (!(target instanceof Promise)) return;
    this.#isWaiting = true;
    const goOn = (): void => {
      this.#isWaiting = false;
      this.#next();
    };
    target.then(goOn, goOn);
  }

  /** Takes what a frame of the game gathered. */
  submit(commands: readonly Command[], positions: readonly PositionsMessage[]): void {
    for (const command of commands) {
      if (this.#queue.length + this.#running >= COMMANDS_MAX) {
        const message = `${COMMANDS_MAX} calls are waiting already.`;
        this.#refuse(command.id, failure("too_many_calls", message, "Await calls before making more.", true));
      } else {
        this.#queue.push(command);
      }
    }
    for (const message of positions) void this.#move(message);
    this.#next();
  }

  /** Ends everything; nothing is pushed any more. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#queue.length = 0;
    this.#cancelFrame?.();
    this.#cancelTimer?.();
    await this.#link?.close();
  }

  #open(target: Target, message: StartMessage): Promise<LinkGame> {
    if (this.#isClosed) throw new TypeError("the manager is closed");
    const environment: Environment = message.environment === "production" ? "production" : "development";
    const link = new GameLink({
      target,
      environment,
      // The backend in the page has its stream where it is itself.
      websocketUrl: target.WebSocket === undefined ? message.websocket_url : "",
      timeoutMs: message.timeout_ms,
      clientId: message.client_id,
      game: message.game,
      clock: this.#parts.clock,
      random: this.#parts.random,
      events: {
        happened: (event) => this.#tell({ event }, subjectOf(event)),
        lost: (agents) => this.#tell({ lost: agents }, null),
        changed: (state) => this.#tell({ state }, null),
        stopped: (error) => this.#tell({ state: "stopped", error: failureOf(error) }, null),
      },
    });
    this.#link = link;
    return link.open();
  }

  #next(): void {
    while (!this.#isWaiting && this.#running < CONCURRENT_MAX) {
      const command = this.#queue.shift();
      if (command === undefined) return;
      this.#running += 1;
      void this.#run(command).finally(() => {
        this.#running -= 1;
        this.#next();
      });
    }
  }

  async #run(command: Command): Promise<void> {
    try {
      if (this.#link === null) throw new TypeError("there is no link");
      const { value, nextCursor } = await this.#link.make(command);
      this.#reply(command.id, value, nextCursor);
    } catch (error) {
      this.#refuse(command.id, failureOf(error));
    }
  }

  /** What comes of positions may wait for the events that they cause: nobody in the game does. */
  async #move({ id, updates }: PositionsMessage): Promise<void> {
    try {
      if (this.#link === null) throw new TypeError("there is no link");
      this.#outbox.addReply({ id, value: await this.#link.sendPositions(updates) });
    } catch (error) {
      this.#outbox.addReply({ id, error: failureOf(error) });
    }
    this.#flushLater();
  }

  #reply(id: number, value: unknown, nextCursor: string): void {
    this.#outbox.addReply(nextCursor === "" ? { id, value } : { id, value, next_cursor: nextCursor });
    this.#flushSoon();
  }

  #refuse(id: number, error: WireFailure): void {
    this.#outbox.addReply({ id, error });
    this.#flushSoon();
  }

  #tell(news: News, subject: string | null): void {
    this.#outbox.addNews(news, subject);
    this.#flushLater();
  }

  #flushLater(): void {
    if (this.#isClosed || this.#cancelTimer !== null || this.#cancelFrame !== null) return;
    this.#cancelTimer = this.#parts.clock.setTimeout(() => {
      this.#cancelTimer = null;
      this.#flushSoon();
    }, this.#interval);
  }

  /** At the next frame: while there are none the game does not run, and what is held stays bounded. */
  #flushSoon(): void {
    if (this.#isClosed || this.#cancelFrame !== null) return;
    this.#cancelFrame = this.#parts.frames.next(() => {
      this.#cancelFrame = null;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#isClosed) return;
    if (this.#outbox.hasOverflowed) {
      this.#makeGood();
      if (!this.#outbox.hasReplies) return;
    }
    if (this.#outbox.isEmpty) return;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#parts.push(this.#outbox.take());
  }

  /** So much was held that it was given up: the game gets its agents as they are instead. */
  #makeGood(): void {
    const link = this.#link;
    if (link === null || this.#isMakingGood) return;
    this.#isMakingGood = true;
    link
      .agents()
      .then(
        (agents) => {
          this.#outbox.forgive();
          this.#tell({ lost: agents }, null);
        },
        () => {
          this.#cancelTimer ??= this.#parts.clock.setTimeout(() => {
            this.#cancelTimer = null;
            this.#flushSoon();
          }, RETRY_MS);
        },
      )
      .finally(() => {
        this.#isMakingGood = false;
      });
  }
}
