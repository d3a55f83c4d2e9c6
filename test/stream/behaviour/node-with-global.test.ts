import { WebSocket as UndiciWebSocket } from "undici";
import { afterAll, beforeAll } from "vitest";
import { describeLiveEvents } from "./describe-live-events.js";
import { portHost } from "./live-host.js";

// Node 22's global WebSocket is undici's class. Where there is none of the runtime's own, it is put in its place, and
// the client is handed none: it has to find the global one.
const had = Object.hasOwn(globalThis, "WebSocket");
beforeAll(() => {
  if (!had) Reflect.set(globalThis, "WebSocket", UndiciWebSocket);
});
afterAll(() => {
  if (!had) Reflect.deleteProperty(globalThis, "WebSocket");
});

describeLiveEvents(portHost("on a port, with the global WebSocket", undefined));
