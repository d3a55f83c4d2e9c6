import type { Server } from "node:http";
import type { Socket } from "node:net";
import { FairPlaces } from "../../fair-places.js";
import { networkOf } from "./remote.js";

/** Connections at the same time, those of the event stream among them. */
export const CONNECTIONS_MAX = 10_000;

/** Connections beyond that which node may have open while some are ending. */
const ENDING_MAX = 1_000;

/**
 * Bounds a server's connections, and shares them out by address: once all are taken, one more of the address that has most is closed at once, and
 * for one of an address that has fewer, the newest of the address that has most is. Behind a proxy all have one address, and the proxy is to share.
 */
export function limitConnections(server: Server, maximum = CONNECTIONS_MAX): void {
  const places = new FairPlaces<Socket>(maximum, "seats");
  server.maxConnections = maximum + ENDING_MAX;
  server.on("connection", (socket) => {
    const holder = networkOf(socket.remoteAddress ?? "");
    const { placed, left } = places.take(holder, socket);
    left?.destroy();
    if (placed) socket.once("close", () => places.leave(holder, socket));
    else socket.destroy();
  });
}
