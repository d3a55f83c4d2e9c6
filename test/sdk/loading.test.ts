import { describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import { Client } from "../../src/client/client.js";
import { DIRECT } from "../../src/contract/direct.js";
import { fetchTransport } from "../../src/client/http/fetch-transport.js";
import { wholeParts } from "../../src/lazy/whole.js";
import { settle } from "./time.js";

/** A client whose server never answers, and what it has begun to load. */
function waitingClient(options: { readonly events?: boolean } = {}) {
  const begun: string[] = [];
  const { WebSocket } = createMockBackend({ clock: "manual" });
  const client = new Client(
    {
      fetch: () => new Promise<Response>(() => undefined),
      WebSocket: Object.assign(class extends WebSocket {}, {
        [DIRECT]: () => void begun.push("the backend's side"),
      }),
      ...options,
    },
    fetchTransport,
    {
      ...wholeParts,
      live: () => {
        begun.push("the client's side");
        return wholeParts.live();
      },
    },
  );
  return { client, begun };
}

describe("What live agents and moves need", () => {
  it("begins to load while connect is under way, on both sides at once", async () => {
    const { client, begun } = waitingClient();
    const connecting = client.connect().catch(() => undefined);
    await settle();
    expect(begun.sort()).toEqual(["the backend's side", "the client's side"]);
    await client.close();
    await connecting;
  });

  it("is not loaded by a client without events, nor by calls", async () => {
    const { client, begun } = waitingClient({ events: false });
    const calls = [client.connect(), client.agents.types()].map((call) => call.catch(() => undefined));
    await settle();
    expect(begun).toEqual([]);
    await client.close();
    await Promise.all(calls);
  });
});
