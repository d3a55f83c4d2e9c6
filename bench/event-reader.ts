import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type Socket, connect } from "node:net";

const MARK = '{"type":"agent.moved"';

/** What stands in the stream, where moves stand beside it. */
const NUMBERED = '{"type":"scene.updated"';

/** A frame of several such events, which the server sends as one. */
const LATEST = '{"type":"latest"';
const HEAD_END = Buffer.from("\r\n\r\n");

/**
 * A client of an event stream that does as little as can be: it counts event frames and bytes, so that what is measured is the
 * server. It speaks the WebSocket protocol by itself, without compression.
 */
export class EventReader {
  /** Events that came. */
  events = 0;
  /** Bytes that came, headers of frames included. */
  bytes = 0;
  /** Called for each event with its text, when set. */
  onEvent: ((text: string) => void) | null = null;
  readonly #socket: Socket;
  #held: Buffer = Buffer.alloc(0);
  #waiting: (() => void) | null = null;
  #target = 0;
  #welcome: (text: string) => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Connects, says hello and waits for the welcome. */
  static async connect(url: string, resume?: { epoch: string; seq: number }): Promise<EventReader> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    socket.setNoDelay(true);
    const key = randomBytes(16).toString("base64");
    socket.write(
      `GET /ws HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    );
    const reader = new EventReader(socket);
    await reader.#upgraded();
    const welcome = new Promise<string>((resolve) => (reader.#welcome = resolve));
    socket.on("data", (piece: Buffer) => reader.#take(piece));
    reader.send({
      type: "hello",
      protocol: 1,
      api_key: "development-key",
      ...(resume === undefined ? {} : { resume }),
    });
    const text = await welcome;
    const [, epoch = "", seq] = /"epoch":"(\w+)","seq":(\d+)/.exec(text) ?? [];
    reader.place = { epoch, seq: Number(seq) };
    return reader;
  }

  /** Where the log was at the welcome. */
  place: { epoch: string; seq: number } = { epoch: "", seq: 0 };

  /** Resolves when so many events have come in all. */
  async reached(events: number): Promise<void> {
    if (this.events >= events) return;
    this.#target = events;
    await new Promise<void>((resolve) => (this.#waiting = resolve));
  }

  /** Sends a frame. */
  send(frame: object): void {
    const payload = Buffer.from(JSON.stringify(frame));
    const length = payload.length;
    const header = length < 126 ? Buffer.alloc(2) : length < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10);
    header[0] = 0x81;
    if (length < 126) header[1] = 0x80 | length;
    else if (length < 65_536) {
      header[1] = 0x80 | 126;
      header.writeUInt16BE(length, 2);
    } else {
      header[1] = 0x80 | 127;
      header.writeBigUInt64BE(BigInt(length), 2);
    }
    // A mask of zeroes masks nothing, which is allowed and costs nothing.
    this.#socket.write(Buffer.concat([header, Buffer.alloc(4), payload]));
  }

  close(): void {
    this.#socket.destroy();
  }

  async #upgraded(): Promise<void> {
    let head = Buffer.alloc(0);
    while (!head.includes(HEAD_END)) {
      const piece: unknown = (await once(this.#socket, "data"))[0];
      if (Buffer.isBuffer(piece)) head = Buffer.concat([head, piece]);
    }
    if (!head.subarray(0, 12).toString("latin1").endsWith("101")) throw new Error(head.toString("latin1"));
  }

  #take(piece: Buffer): void {
    this.bytes += piece.length;
    const held = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    let at = 0;
    for (;;) {
      if (held.length < at + 2) break;
      const short = held.readUInt8(at + 1) & 0x7f;
      const header = short === 127 ? 10 : short === 126 ? 4 : 2;
      if (held.length < at + header) break;
      const length =
        short === 127
          ? Number(held.readBigUInt64BE(at + 2))
          : short === 126
            ? held.readUInt16BE(at + 2)
            : short;
      const end = at + header + length;
      if (held.length < end) break;
      this.#frame(held, at + header, end);
      at = end;
    }
    this.#held = held.subarray(at);
    if (this.events >= this.#target) {
      this.#waiting?.();
      this.#waiting = null;
    }
  }

  #frame(held: Buffer, start: number, end: number): void {
    if (held.toString("latin1", start, start + MARK.length) === MARK) {
      this.events += 1;
      this.onEvent?.(held.toString("latin1", start, end));
      return;
    }
    if (held.toString("latin1", start, start + NUMBERED.length) === NUMBERED) {
      this.events += 1;
      return;
    }
    const text = held.toString("latin1", start, end);
    if (text.startsWith(LATEST)) {
      const [, ...events] = text.split(MARK);
      this.events += events.length;
      for (const event of events) this.onEvent?.(event);
      return;
    }
    if (text.startsWith('{"type":"welcome"')) this.#welcome(text);
    if (text.startsWith('{"type":"ping"')) this.send({ type: "pong", t: 0 });
  }
}
