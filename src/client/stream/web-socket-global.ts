import { ConfigError } from "../../errors/config-error.js";
import type { WebSocketConstructor } from "./ports.js";

/** The runtime's own WebSocket; null where it has none. */
export function globalWebSocket(): WebSocketConstructor | null {
  const found: unknown = Reflect.get(globalThis, "WebSocket");
  return isConstructor(found) ? found : null;
}

function isConstructor(value: unknown): value is WebSocketConstructor {
  return typeof value === "function";
}

/** What opens sockets in pages and workers. */
export async function loadWebSocket(): Promise<WebSocketConstructor> {
  const found = globalWebSocket();
  if (found !== null) return found;
  throw new ConfigError("This runtime has no WebSocket.", {
    code: "no_websocket",
    outcome: "not_sent",
    remediation: "Hand one in with the option WebSocket.",
  });
}
