import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** What is to be done when a connection closes. Of an answer that has not begun by then node tells nothing. */
const waiting = new WeakMap<Socket, Set<() => void>>();

/** Calls `over` once, when an answer has gone out or its connection has closed. */
export function whenOver(
  { request: { socket }, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  over: () => void,
): void {
  if (response.destroyed || socket.destroyed) {
    over();
    return;
  }
  const all = waiting.get(socket) ?? listen(socket);
  const end = (): void => {
    if (all.delete(end)) over();
  };
  all.add(end);
  response.once("close", end);
}

/** One listener for all answers of a connection: a caller may have asked for many on one. */
function listen(socket: Socket): Set<() => void> {
  const all = new Set<() => void>();
  waiting.set(socket, all);
  socket.once("close", () => {
    for (const end of [...all]) end();
  });
  return all;
}
