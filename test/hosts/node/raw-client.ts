import { once } from "node:events";
import { type Socket, connect } from "node:net";

/** A TCP client that sends exactly the bytes it is given, right or wrong. */
export class RawClient implements AsyncDisposable {
  readonly #socket: Socket;
  #received = "";
  #ended = false;
  #changed: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      this.#received += text;
      this.#changed();
    });
    socket.on("error", () => undefined);
    socket.on("end", () => this.#end());
    socket.on("close", () => this.#end());
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return new RawClient(socket);
  }

  /** All that came so far. */
  get received(): string {
    return this.#received;
  }

  /** Whether the server has ended the connection. */
  get ended(): boolean {
    return this.#ended;
  }

  send(text: string | Uint8Array): void {
    this.#socket.write(text);
  }

  /** Reads no more until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  /** Reads the beginning of what comes next, and no more until `resume`. */
  pauseAtBeginning(): void {
    this.#socket.once("data", () => this.#socket.pause());
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Cuts the connection. */
  destroy(): void {
    this.#socket.destroy();
  }

  /** Waits until what came holds `text` and answers all of it. */
  async until(text: string): Promise<string> {
    while (!this.#received.includes(text)) {
      if (this.#ended) throw new Error(`The connection ended before '${text}' came:\n${this.#received}`);
      await this.#change();
    }
    return this.#received;
  }

  /** Waits until the server ends the connection and answers all that came. */
  async end(): Promise<string> {
    while (!this.#ended) await this.#change();
    return this.#received;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#socket.destroyed) return;
    this.#socket.destroy();
    await once(this.#socket, "close");
  }

  #end(): void {
    this.#ended = true;
    this.#changed();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve;
    });
  }
}

/** Sends one piece of text on a connection of its own and answers all that comes until the server ends it. */
export async function exchange(port: number, text: string | Uint8Array): Promise<string> {
  await using client = await RawClient.open(port);
  client.send(text);
  return await client.end();
}

/** The status of an answer as it came. */
export function statusOf(received: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(received)?.[1]);
}

/** The JSON body of the last answer that came. */
export function bodyOf(received: string): Record<string, unknown> {
  return JSON.parse(received.slice(received.lastIndexOf("\r\n\r\n") + 4));
}
