import type { Server } from "node:http";

/** Milliseconds between two looks for connections that have become idle. */
const LOOK_MS = 20;

/**
 * Ends a server: it listens no more, connections without a request end at once, those with one when it is answered, and
 * after `graceMs` milliseconds whatever is left. Resolves when the last is gone.
 */
export function shutDown(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    // node:http does not end a connection whose answer was under way when the server was told to close.
    const look = setInterval(() => server.closeIdleConnections(), LOOK_MS);
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearInterval(look);
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
