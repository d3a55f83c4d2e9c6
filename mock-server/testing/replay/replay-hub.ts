import type { CancelTimer, Clock } from "../../../src/contract/index.js";
import { HEARTBEAT_MS } from "../../../src/contract/frames.js";
import type { ClientMessage, Connection, ConnectionEvents, Hub } from "../../stream/index.js";
import { fieldsOf } from "../faults/seen-frame.js";
import { askedByCommand } from "./answers.js";
import { notRecordedBody } from "./replay-desk.js";
import type { PlayedRecording } from "./replay.js";
import type { RecordedFrame } from "./recording.js";

/** The event stream of a recording: each connection of the recording is played to one that comes. */
export class ReplayHub implements Hub {
  readonly #replay: PlayedRecording;
  readonly #wallClock: Clock;
  readonly #open = new Set<PlayedConnection>();
  /** The frames of the server's connections, the first connection first. */
  readonly #sockets: RecordedFrame[][];
  #next = 0;
  closed = false;
  readonly heldBytes = 0;

  constructor(replay: PlayedRecording, wallClock: Clock) {
    this.#replay = replay;
    this.#wallClock = wallClock;
    const sockets = new Map<number, RecordedFrame[]>();
    for (const line of replay.recording.lines) {
      if (line.type !== "frame" || line.from !== "server") continue;
      const frames = sockets.get(line.socket) ?? [];
      frames.push(line);
      sockets.set(line.socket, frames);
    }
    this.#sockets = [...sockets.values()];
  }

  get clients(): number {
    return this.#open.size;
  }

  get connections(): number {
    return this.#open.size;
  }

  accept(connection: Connection): ConnectionEvents {
    const played = new PlayedConnection(
      this.#replay,
      this.#wallClock,
      connection,
      () => this.#framesOf(),
      (over) => {
        this.#open.delete(over);
      },
    );
    if (this.closed) connection.close(1012, "server restarting");
    else this.#open.add(played);
    return played;
  }

  close(): void {
    this.closed = true;
    for (const connection of [...this.#open]) connection.end(1012, "server restarting");
  }

  /** What the next connection plays: who comes again plays on where the last one was. */
  #framesOf(): RecordedFrame[] | null {
    const frames = this.#sockets[Math.min(this.#next, this.#sockets.length - 1)] ?? null;
    this.#next += 1;
    return frames;
  }
}

/** One connection, to which recorded frames are played, each as long after the call that caused it as it came then. */
class PlayedConnection implements ConnectionEvents {
  readonly #replay: PlayedRecording;
  readonly #wallClock: Clock;
  readonly #connection: Connection;
  readonly #framesOf: () => RecordedFrame[] | null;
  readonly #onEnd: (connection: PlayedConnection) => void;
  #frames: RecordedFrame[] = [];
  #welcomedAt: number | null = null;
  #welcomeAt = 0;
  #cancelFrame: CancelTimer = () => undefined;
  #cancelPing: CancelTimer = () => undefined;
  #forget: () => void = () => undefined;

  constructor(
    replay: PlayedRecording,
    wallClock: Clock,
    connection: Connection,
    framesOf: () => RecordedFrame[] | null,
    onEnd: (connection: PlayedConnection) => void,
  ) {
    this.#replay = replay;
    this.#wallClock = wallClock;
    this.#connection = connection;
    this.#framesOf = framesOf;
    this.#onEnd = onEnd;
  }

  message(data: ClientMessage): void {
    const frame = typeof data === "string" ? fieldsOf(data) : { type: "positions", ...data };
    if (frame["type"] === "hello" && this.#welcomedAt === null) this.#welcome();
    else if (frame["type"] === "command") this.#obey(frame);
    else if (frame["type"] === "positions" && typeof frame["id"] === "string") {
      this.#send({ type: "ack", id: frame["id"], ok: true, result: {} });
    }
  }

  closed(): void {
    this.#release();
  }

  drained(): void {
    // Nothing is held back.
  }

  end(code: number, reason: string): void {
    this.#release();
    this.#connection.close(code, reason);
  }

  #welcome(): void {
    const frames = this.#framesOf();
    const welcome = frames?.find(({ frame }) => frame["type"] === "welcome");
    if (frames === null || welcome === undefined) {
      const why = "The recording has no event stream";
      this.#replay.miss({ call: "the event stream", params: {}, query: {}, body: null, why });
      this.end(4403, "the recording has no event stream");
      return;
    }
    this.#frames = frames;
    this.#welcomedAt = this.#replay.clock.now();
    this.#welcomeAt = welcome.at;
    this.#send(welcome.frame);
    this.#ping();
    this.#forget = this.#replay.onAsked(() => this.#play());
    this.#play();
  }

  #obey(frame: Readonly<Record<string, unknown>>): void {
    const { id } = frame;
    const asked = askedByCommand(frame);
    if (asked === null || typeof id !== "string") return;
    const known = this.#replay.take(asked);
    if (typeof known === "string")
      this.#send({ type: "ack", id, ok: false, error: notRecordedBody(known, id) });
    else {
      const said: unknown = JSON.parse(known.answer ?? "null");
      this.#send(
        known.status < 400
          ? { type: "ack", id, ok: true, result: said }
          : { type: "ack", id, ok: false, error: said },
      );
    }
    this.#play();
  }

  /** Sends all that is due, and waits for what comes next: for its time, or for the call that caused it. */
  #play(): void {
    this.#cancelFrame();
    const { clock } = this.#replay;
    for (;;) {
      const [next] = this.#frames;
      if (next === undefined) return;
      if (["welcome", "ping", "ack"].includes(String(next.frame["type"]))) {
        this.#frames.shift();
        continue;
      }
      const due = this.#dueOf(next);
      // The call that caused it was not made yet.
      if (due === null) return;
      const left = due - clock.now();
      if (left > 0) {
        this.#cancelFrame = clock.setTimeout(() => this.#play(), left);
        return;
      }
      this.#frames.shift();
      this.#send(next.frame);
    }
  }

  #dueOf({ at }: RecordedFrame): number | null {
    const cause = this.#replay.answers.causeOf(at);
    if (cause === null || cause.at <= this.#welcomeAt)
      return (this.#welcomedAt ?? 0) + Math.max(0, at - this.#welcomeAt);
    return cause.askedAt === null ? null : cause.askedAt + (at - cause.at);
  }

  #ping(): void {
    this.#cancelPing = this.#wallClock.setTimeout(() => {
      this.#send({ type: "ping", t: this.#wallClock.now() });
      this.#ping();
    }, HEARTBEAT_MS);
  }

  #send(frame: object): void {
    this.#connection.send(JSON.stringify(frame));
  }

  #release(): void {
    this.#cancelFrame();
    this.#cancelPing();
    this.#forget();
    this.#onEnd(this);
  }
}
