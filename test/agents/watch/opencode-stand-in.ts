import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { onTestFinished } from "vitest";
import { eventually } from "./eventually.js";

/** What a stand-in was told. */
interface Told {
  readonly path: string;
  readonly body: unknown;
}

/** Serves in the place of opencode, and says what a test has it say. */
export class OpencodeStandIn {
  /** What is answered at a path; elsewhere there is nothing. */
  readonly answers: Record<string, unknown> = {};
  /** The status of the answer to what it is told at a path. */
  readonly refuses: Record<string, number> = {};
  readonly told: Told[] = [];
  password: string | null = null;
  /** What it answers where events are wanted, in the place of events. */
  page: string | null = null;
  /** Whether it takes a call for events and says nothing. */
  isSilent = false;
  readonly #streams = new Set<ServerResponse>();
  readonly #sockets = new Set<Socket>();
  readonly #watchers = new Set<() => void>();
  #server: Server | null = null;
  #port = 0;
  #connections = 0;

  /** One that listens. */
  static async open(): Promise<OpencodeStandIn> {
    const standIn = new OpencodeStandIn();
    await standIn.listen();
    onTestFinished(() => standIn.close());
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Listens, the second time at the same port. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => this.#take(request, response));
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    const address = server.address();
    if (typeof address === "object" && address !== null) this.#port = address.port;
  }

  /** Is gone, and hangs up. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Waits until somebody has asked for its events so many times. */
  connected(times = 1): Promise<void> {
    return eventually(this.#watchers, () => (this.#connections >= times ? true : undefined)).then(
      () => undefined,
    );
  }

  /** Waits until it is told something at a path. */
  hears(path: string, times = 1): Promise<unknown> {
    return eventually(this.#watchers, () => this.told.filter((one) => one.path === path)[times - 1]).then(
      ({ body }) => body,
    );
  }

  /** Says that something has happened. */
  tell(type: string, properties: object): void {
    this.write(`data: ${JSON.stringify({ type, properties })}\n\n`);
  }

  write(text: string): void {
    for (const stream of this.#streams) stream.write(text);
  }

  /** A person's prompt in a session. */
  prompt(sessionID: string, text: string, messageID = `prompt-${sessionID}`): void {
    this.tell("message.updated", { info: { id: messageID, sessionID, role: "user" } });
    this.tell("message.part.updated", {
      part: { type: "text", id: `${messageID}-text`, sessionID, messageID, text },
    });
  }

  /** What is said in a session, by its agent. */
  say(sessionID: string, text: string): void {
    const ids = { id: `said-${sessionID}-${text}`, sessionID, messageID: `answer-${sessionID}` };
    this.tell("message.part.updated", { part: { type: "text", ...ids, text, time: { end: 1 } } });
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const { method = "", url: path = "", headers } = request;
    const wanted = `Basic ${Buffer.from(`opencode:${this.password ?? ""}`).toString("base64")}`;
    if (this.password !== null && headers.authorization !== wanted) {
      response.writeHead(401).end("Unauthorized");
      return;
    }
    if (path === "/event") return this.#stream(response);
    let text = "";
    request.setEncoding("utf8").on("data", (piece: string) => (text += piece));
    request.on("end", () => {
      if (method === "POST") {
        response.writeHead(this.refuses[path] ?? 200).end("true");
        this.told.push({ path, body: JSON.parse(text) });
      } else if (Object.hasOwn(this.answers, path)) response.end(JSON.stringify(this.answers[path]));
      else response.writeHead(404).end("<html>");
      for (const watcher of this.#watchers) watcher();
    });
  }

  #stream(response: ServerResponse): void {
    this.#connections += 1;
    if (!this.isSilent) this.#answer(response);
    for (const watcher of this.#watchers) watcher();
  }

  #answer(response: ServerResponse): void {
    if (this.page === null) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      this.#streams.add(response);
      response.on("close", () => this.#streams.delete(response));
    } else response.writeHead(200, { "content-type": "text/html" }).end(this.page);
  }
}
