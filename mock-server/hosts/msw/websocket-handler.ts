import { ws } from "msw";
import type { WebSocketHandler } from "msw";
import type { Hub } from "../../stream/index.js";
import { BINARY } from "../../stream/connection.js";
import type { Connection } from "../../stream/connection.js";

/** What MSW gives of a client's socket, as much as is used. */
interface MockedClient {
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

/** An interception has no handshake: a connection that is cut says so by the code that a browser gives it. */
const ABNORMAL = 1006;

/** A socket that MSW intercepts, as the hub wants it. MSW tells of no buffer: what is sent is there in the same turn. */
class MswConnection implements Connection {
  readonly bufferedBytes = 0;
  readonly waitsForPage = true;
  readonly #client: MockedClient;

  constructor(client: MockedClient) {
    this.#client = client;
  }

  send(text: string): void {
    this.#client.send(text);
  }

  close(code: number, reason: string): void {
    this.#client.close(code, reason);
  }

  terminate(): void {
    this.#client.close(ABNORMAL);
  }
}

/** Presents a hub's event stream, at `/ws` of an origin, as a handler of MSW. */
export function websocketHandler(
  hub: () => Pick<Hub, "accept" | "closed">,
  origin: string,
): WebSocketHandler {
  const address = `${origin.replace(/^http/, "ws")}/ws`;
  const link = ws.link(new RegExp(`^${address.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")}/?(?:\\?.*)?$`));
  return link.addEventListener("connection", ({ client }) => {
    if (hub().closed) {
      client.close(ABNORMAL);
      return;
    }
    const events = hub().accept(new MswConnection(client));
    client.addEventListener("message", ({ data }) => {
      events.message(typeof data === "string" ? data : BINARY);
    });
    client.addEventListener("close", () => events.closed());
  });
}
