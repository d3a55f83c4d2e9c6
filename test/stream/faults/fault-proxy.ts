import { once } from "node:events";
import { type AddressInfo, type Socket, connect, createServer } from "node:net";
import type { Random } from "../../../src/contract/index.js";
import { FrameSplitter } from "./frame-splitter.js";

/** Which way the bytes go that a fault counts, holds back or swallows: to the server, or from it. */
type Way = "up" | "down";

/** What the network does to one connection. */
export type Fault =
  | { readonly kind: "none" }
  /** Ends the connection, with a reset or a polite end, once so many bytes have gone that way. */
  | { readonly kind: "cut"; readonly way: Way; readonly afterBytes: number; readonly reset: boolean }
  /** Holds every piece back for up to so long. */
  | { readonly kind: "delay"; readonly way: Way; readonly upToMs: number }
  /** Sends the first half of every piece at once and the rest later; ends the connection between two halves after some. */
  | { readonly kind: "halve"; readonly way: Way; readonly upToMs: number; readonly cutAtPiece: number }
  /** Sends frames of the server twice, each with that chance. Other connections have none and are left alone. */
  | { readonly kind: "duplicate"; readonly share: number }
  /** Lets nothing through any more, in either direction, after so many bytes one way, and tells nobody. */
  | { readonly kind: "blackhole"; readonly way: Way; readonly afterBytes: number };

/** Chooses what happens to the next connection. */
export function chooseFault(random: Random): Fault {
  const way: Way = random() < 0.3 ? "up" : "down";
  // A client says less than it hears.
  const afterBytes = Math.floor(random() ** 2 * (way === "up" ? 1_500 : 6_000));
  const roll = random();
  if (roll < 0.3) return { kind: "cut", way, afterBytes, reset: random() < 0.5 };
  if (roll < 0.45) return { kind: "delay", way, upToMs: 5 + random() * 40 };
  if (roll < 0.6) return { kind: "halve", way, upToMs: random() * 15, cutAtPiece: Math.floor(random() * 12) };
  if (roll < 0.75) return { kind: "duplicate", share: random() };
  if (roll < 0.83) return { kind: "blackhole", way, afterBytes };
  return { kind: "none" };
}

/**
 * A network between a client and a server that does to each connection what a seeded choice says,
 * until it is told to be calm.
 */
export class FaultProxy {
  readonly #random: Random;
  readonly #upstreamPort: () => number;
  readonly #server = createServer((client) => {
    this.#accept(client);
  });
  readonly #sockets = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #calm = false;
  /** Faults that were chosen, in order, for who has to find out what happened. */
  readonly chosen: Fault[] = [];

  /** `upstreamPort` is asked at each connection, since a restarted server has another. */
  constructor(random: Random, upstreamPort: () => number) {
    this.#random = random;
    this.#upstreamPort = upstreamPort;
  }

  /** Begins to listen and gives the port. */
  async listen(): Promise<number> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return addressOf(this.#server.address()).port;
  }

  /** Chooses no more faults, and ends the connections that are under one, since a blackhole would never end itself. */
  calm(): void {
    this.#calm = true;
    this.cutAll();
  }

  /** Ends every connection at once. */
  cutAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Ends everything. */
  async close(): Promise<void> {
    this.cutAll();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#server.close();
    await once(this.#server, "close");
  }

  #accept(client: Socket): void {
    const fault: Fault = this.#calm ? { kind: "none" } : chooseFault(this.#random);
    this.chosen.push(fault);
    const server = connect(this.#upstreamPort(), "127.0.0.1");
    const both = [client, server] as const;
    const end = (reset: boolean): void => {
      for (const socket of both) {
        if (reset) socket.resetAndDestroy();
        else socket.destroy();
      }
    };
    for (const socket of both) {
      socket.setNoDelay(true);
      this.#sockets.add(socket);
      socket.on("error", () => {
        end(true);
      });
      socket.on("close", () => {
        this.#sockets.delete(socket);
        end(false);
      });
    }
    const line: Line = { fault, end, isDead: false };
    client.on("data", this.#pump("up", server, line));
    server.on("data", this.#pump("down", client, line));
  }

  /** What is done with each piece that goes one way. */
  #pump(way: Way, target: Socket, line: Line): (piece: Buffer) => void {
    const { fault, end } = line;
    const frames = new FrameSplitter();
    let bytes = 0;
    let pieces = 0;
    let free = Promise.resolve();
    // Pieces stay in order: each waits for the one before it.
    const later = (upToMs: number, act: () => void): void => {
      const waitMs = this.#random() * upToMs;
      free = free.then(() => this.#wait(waitMs)).then(act);
    };
    const write = (piece: Buffer): void => {
      if (!target.destroyed && !line.isDead) target.write(piece);
    };
    const isHit = "way" in fault ? fault.way === way : way === "down";
    if (!isHit) return write;
    return (piece) => {
      bytes += piece.length;
      const index = pieces++;
      switch (fault.kind) {
        case "none":
          write(piece);
          return;
        case "cut": {
          const left = piece.length - Math.max(0, bytes - fault.afterBytes);
          if (left > 0) write(piece.subarray(0, left));
          if (bytes > fault.afterBytes) end(fault.reset);
          return;
        }
        case "delay":
          later(fault.upToMs, () => {
            write(piece);
          });
          return;
        case "halve": {
          const half = Math.ceil(piece.length / 2);
          later(0, () => {
            write(piece.subarray(0, half));
          });
          later(fault.upToMs, () => {
            if (index === fault.cutAtPiece) end(false);
            else write(piece.subarray(half));
          });
          return;
        }
        case "duplicate":
          for (const { bytes: whole, isFrame } of frames.take(piece)) {
            write(whole);
            if (isFrame && this.#random() < fault.share) write(whole);
          }
          return;
        case "blackhole":
          line.isDead ||= bytes > fault.afterBytes;
          write(piece);
          return;
      }
    };
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        resolve();
      }, ms);
      this.#timers.add(timer);
    });
  }
}

/** One connection and what becomes of it. */
interface Line {
  readonly fault: Fault;
  readonly end: (reset: boolean) => void;
  /** Nothing gets through any more. */
  isDead: boolean;
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  return address;
}
