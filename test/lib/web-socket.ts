import { WebSocket as PlatformWebSocket } from "undici";

/**
 * Gives the runtime a global WebSocket, which MSW stands in for. Node 20 has none of its own: it gets undici's, which is that of later ones.
 * Gives what takes it away again.
 */
export function withWebSocket(): () => void {
  if (Object.hasOwn(globalThis, "WebSocket")) return () => undefined;
  const given = { value: PlatformWebSocket, configurable: true, writable: true };
  Object.defineProperty(globalThis, "WebSocket", given);
  return () => {
    Reflect.deleteProperty(globalThis, "WebSocket");
  };
}
