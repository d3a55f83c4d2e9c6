import type { CancelTimer, Clock } from "../../../src/contract/index.js";
import { HEARTBEAT_MS } from "../../../src/contract/frames.js";
import { isObject } from "../../../src/contract/is-object.js";
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
  /** What the server sent, in its order; what several connections were sent is there once. */
  readonly #frames: readonly RecordedFrame[];
  closed = false;
  readonly heldBytes = 0;

  constructor(replay: PlayedRecording, wallClock: Clock) {
    this.#replay = replay;
    this.#wallClock = wallClock;
    const seen = new Set<string>();
    this.#frames = replay.recording.lines.flatMap((line) => {
      if (line.type !== "frame" || line.from !== "server") return [];
      const { epoch, seq } = line.frame;
      const name =
        typeof seq === "number" && line.frame["type"] !== "welcome" ? `${String(epoch)} ${seq}` : null;
      if (name !== null && seen.has(name)) return [];
      if (name !== null) seen.add(name);
      return [line];
    });
  }

  get clients(): number {
    return this.#open.size;
  }

  get connections(): number {
    return this.#open.size;
  }

  accept(connection: Connection): ConnectionEvents {
    const played = new PlayedConnection(this.#replay, this.#wallClock, connection, this.#frames, (over) => {
      this.#open.delete(over);
    });
    if (this.closed) connection.close(1012, "server restarting");
    else this.#open.add(played);
    return played;
  }

  close(): void {
    this.closed = true;
    for (const connection of [...this.#open]) connection.end(1012, "server restarting");
  }
}

/** One connection, to which recorded frames are played, each as long after the call that caused it as it came then. */
class PlayedConnection implements ConnectionEvents {
  readonly #replay: PlayedRecording;
  readonly #wallClock: Clock;
  readonly #connection: Connection;
  readonly #frames: readonly RecordedFrame[];
  readonly #onEnd: (connection: PlayedConnection) => void;
  /** The place of the frame that comes next. */
  #next = 0;
  #welcomedAt: number | null = null;
  #welcomeAt = 0;
  #cancelFrame: CancelTimer = () => undefined;
  #cancelPing: CancelTimer = () => undefined;
  #forget: () => void = () => undefined;

  constructor(
    replay: PlayedRecording,
    wallClock: Clock,
    connection: Connection,
    frames: readonly RecordedFrame[],
    onEnd: (connection: PlayedConnection) => void,
  ) {
    this.#replay = replay;
    this.#wallClock = wallClock;
    this.#connection = connection;
    this.#frames = frames;
    this.#onEnd = onEnd;
  }

  message(data: ClientMessage): void {
    const frame = typeof data === "string" ? fieldsOf(data) : { type: "positions", ...data };
    if (frame["type"] === "hello" && this.#welcomedAt === null) this.#welcome(frame);
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

  #welcome({ resume }: Readonly<Record<string, unknown>>): void {
    const welcome = this.#frames.find(({ frame }) => frame["type"] === "welcome");
    if (welcome === undefined) {
      const why = "The recording has no event stream";
      this.#replay.miss({ call: "the event stream", params: {}, query: {}, body: null, why });
      this.end(4403, "the recording has no event stream");
      return;
    }
    this.#welcomedAt = this.#replay.clock.now();
    this.#welcomeAt = welcome.at;
    const seq = isObject(resume) ? resume["seq"] : undefined;
    if (typeof seq === "number") {
      // Who comes again is sent all that it has not heard.
      const missed = this.#frames.findIndex(({ frame }) => isAfter(frame, seq));
      this.#next = missed < 0 ? this.#frames.length : missed;
      this.#send({ ...welcome.frame, seq, recovered: true });
    } else this.#send(welcome.frame);
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
      const next = this.#frames[this.#next];
      if (next === undefined) return;
      if (["welcome", "ping", "ack"].includes(String(next.frame["type"]))) {
        this.#next += 1;
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
      this.#next += 1;
      this.#replay.sent(next.at);
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

function isAfter({ type, seq }: Readonly<Record<string, unknown>>, place: number): boolean {
  return type !== "welcome" && typeof seq === "number" && seq > place;
}
