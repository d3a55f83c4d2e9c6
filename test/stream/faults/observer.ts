import { once } from "node:events";
import { WebSocket } from "ws";
import { Places } from "./places.js";

/** An event as a server sent it, without what is each subscriber's own. */
export interface ObservedEvent {
  readonly type: string;
  readonly epoch: string;
  readonly seq: number;
  readonly game_id: string | null;
  readonly data: unknown;
}

/** One who is connected straight to the server and reads all that happens, from the first event on. */
export class Observer {
  readonly epoch: string;
  /** Events by game, in order. */
  readonly games = new Map<string, ObservedEvent[]>();
  /** Where the agents of all games are. */
  readonly places = new Places();
  count = 0;
  #problem: string | null = null;
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();

  private constructor(socket: WebSocket, epoch: string) {
    this.#socket = socket;
    this.epoch = epoch;
  }

  /** Connects before anybody else does anything at the server. */
  static async connect(port: number): Promise<Observer> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
    await once(socket, "open");
    socket.send(JSON.stringify({ type: "hello", protocol: 1, api_key: "development-key" }));
    const [first] = await once(socket, "message");
    const welcome: { epoch: string; seq: number } = JSON.parse(String(first));
    if (welcome.seq !== 0) throw new Error("Somebody was there before the observer.");
    const observer = new Observer(socket, welcome.epoch);
    let last = 0;
    socket.on("message", (data) => {
      if (!Buffer.isBuffer(data)) return;
      const frame: ObservedEvent & { readonly prev: number; readonly events: ObservedEvent[] } = JSON.parse(
        data.toString(),
      );
      if (frame.type === "ping") {
        socket.send(JSON.stringify({ type: "pong", t: 0 }));
        return;
      }
      if (frame.type === "latest") {
        for (const move of frame.events) observer.#place(move, last);
        return;
      }
      // It hears everything, so it must hear every number.
      if (frame.prev !== last || frame.seq !== last + 1) {
        observer.#problem = `it heard ${frame.seq} after ${frame.prev}, holding ${last}`;
      }
      last = frame.seq;
      const { prev: _prev, ...event } = frame;
      observer.#take(event);
    });
    return observer;
  }

  /** Events of a game. */
  of(gameId: string): readonly ObservedEvent[] {
    return this.games.get(gameId) ?? [];
  }

  /** Resolves when it has heard so many events in all. */
  async heard(count: number): Promise<void> {
    while (this.count < count) await this.#next();
  }

  /** Throws when it has missed something itself: then nobody can be compared with it. */
  close(): void {
    this.#socket.terminate();
    if (this.#problem !== null) throw new Error(`The observer is of no use: ${this.#problem}.`);
  }

  /** A move stands beside the stream, behind the event that came before it. */
  #place(move: ObservedEvent, last: number): void {
    if (move.type !== "agent.moved" || move.seq !== last)
      this.#problem = `${move.type} of place ${move.seq} came after ${last}`;
    this.places.take(move);
  }

  #take(event: ObservedEvent): void {
    this.count += 1;
    this.places.take(event);
    const game = event.game_id ?? "";
    const events = this.games.get(game) ?? [];
    this.games.set(game, events);
    events.push(event);
    for (const wake of [...this.#waiting]) wake();
  }

  async #next(): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
    });
  }
}
