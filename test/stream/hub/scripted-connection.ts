import type { Connection, ConnectionEvents, Hub } from "../../../mock-server/stream/index.js";

/** A frame of the server, as a client reads it: parsed JSON of which the test asserts what it needs. */
export type Frame = ReturnType<typeof JSON.parse>;

/** A socket that a test drives: it can stop reading, throw, and be asked what came. */
export class ScriptedConnection implements Connection {
  readonly sent: string[] = [];
  closing: { code: number; reason: string } | null = null;
  terminated = false;
  /** While true, what is sent stays in the socket's buffer. */
  stuck = false;
  /** Thrown by the next `send`s, where set. */
  breaks: Error | null = null;
  waitsForPage = false;
  /** Where it comes from. */
  remote = "192.0.2.1";
  later?: (work: () => void) => void;
  #buffered: string[] = [];
  #bytes = 0;
  #events: ConnectionEvents | null = null;

  get bufferedBytes(): number {
    return this.#bytes;
  }

  get events(): ConnectionEvents {
    if (this.#events === null) throw new Error("The connection was not accepted yet.");
    return this.#events;
  }

  acceptedBy(hub: Hub): this {
    this.#events = hub.accept(this);
    return this;
  }

  send(text: string): void {
    if (this.breaks !== null) throw this.breaks;
    if (this.closing !== null || this.terminated) throw new Error("sent after the end");
    if (!this.stuck) {
      this.sent.push(text);
      return;
    }
    this.#buffered.push(text);
    this.#bytes += Buffer.byteLength(text);
  }

  close(code: number, reason: string): void {
    this.closing ??= { code, reason };
  }

  terminate(): void {
    this.terminated = true;
  }

  /** The client says something. */
  say(frame: unknown): this {
    this.events.message(typeof frame === "string" ? frame : JSON.stringify(frame));
    return this;
  }

  /** A client in the same page hands over positions as they are. */
  sayPositions(updates: readonly unknown[], client_id?: string): this {
    this.events.message({ updates, client_id });
    return this;
  }

  /** The client reads all that is in the socket, and the socket says so. */
  readAll(): void {
    this.sent.push(...this.#buffered);
    this.#buffered = [];
    this.#bytes = 0;
    this.events.drained();
  }

  /** Everything that was read, as frames. */
  get frames(): Frame[] {
    return this.sent.map((text) => JSON.parse(text));
  }

  get welcome(): Frame {
    const welcome = this.frames[0];
    if (welcome?.["type"] !== "welcome") throw new Error(`No welcome came: ${JSON.stringify(this.closing)}`);
    return welcome;
  }

  /** The events that were read, in order. */
  get stream(): Frame[] {
    return this.frames.filter((frame) => "seq" in frame && frame["type"] !== "welcome");
  }

  /** The moves and the progress that were read beside the stream, in order. */
  get beside(): Frame[] {
    return this.ofType("latest").flatMap(({ events }) => events);
  }

  /** The moves that were read, in order. */
  get moves(): Frame[] {
    return this.beside.filter(({ type }) => type === "agent.moved");
  }

  ofType(type: string): Frame[] {
    return this.frames.filter((frame) => frame["type"] === type);
  }
}
