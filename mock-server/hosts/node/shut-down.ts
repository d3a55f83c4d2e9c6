import type { Server } from "node:http";
import type { Socket } from "node:net";
import { TIMER_MAX_MS } from "../../../src/contract/clock.js";

/** Milliseconds between two looks for connections that have become idle. */
const LOOK_MS = 20;

/**
 * Makes what ends a server: it listens no more, connections without a request end at once, those with one when it is
 * answered, and after `graceMs` milliseconds whatever is left. What it gives resolves when the last is gone.
 */
export function shutDownOf(server: Server): (graceMs: number) => Promise<void> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });

  const endIdle = (): void => {
    server.closeIdleConnections();
    // node:http takes a connection that has said nothing yet for one with a request under way; browsers keep such in store.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  };

  return (graceMs) =>
    new Promise((resolve) => {
      // A connection whose answer was under way when the server was told to close is idle only later.
      const look = setInterval(endIdle, LOOK_MS);
      const cut = setTimeout(() => server.closeAllConnections(), Math.min(graceMs, TIMER_MAX_MS));
      server.close(() => {
        clearInterval(look);
        clearTimeout(cut);
        resolve();
      });
      endIdle();
    });
}
