import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createBackendClock } from "../../../mock-server/domain/clock.js";
import { NodeCall } from "../../../mock-server/hosts/node/node-call.js";
import { Turns } from "../../../mock-server/hosts/node/turns.js";
import type { MockServer } from "../../../mock-server/node.js";
import { BODY_MAX_BYTES } from "../../../src/contract/index.js";
import { RawClient } from "./raw-client.js";
import { post, startServer } from "./server.js";

let server: MockServer;
let clients: RawClient[] = [];
beforeEach(async () => {
  server = await startServer({ limits: { game_bytes: 100_000_000, rate_limit_per_minute: 100_000 } });
});
afterEach(async () => {
  for (const client of clients) await client[Symbol.asyncDispose]();
  clients = [];
  await server.close();
});

interface Game {
  readonly id: string;
  readonly token: string;
}

async function connect(name: string): Promise<Game> {
  const { game_id = "", session_token = "" } = await post(server, "/game/connect", { game_name: name });
  return { id: game_id, token: session_token };
}

/** Sends the same on connections of its own, so many times. */
async function open(count: number, text: string): Promise<RawClient[]> {
  const opened: RawClient[] = [];
  for (let place = 0; place < count; place += 1) {
    const client = await RawClient.open(server.port);
    clients.push(client);
    opened.push(client);
    client.send(text);
  }
  return opened;
}

function head(game: Game, line: string, headers: readonly string[] = []): string {
  const own = [`Authorization: Bearer ${game.token}`, "Content-Type: application/json", ...headers];
  return [`${line} HTTP/1.1`, "Host: localhost", ...own, "", ""].join("\r\n");
}

/** Asks something as a game, which comes after all that was sent before. */
async function asks(game: Game): Promise<number> {
  const answer = await fetch(`${server.url}/agents`, { headers: { Authorization: `Bearer ${game.token}` } });
  await answer.arrayBuffer();
  return answer.status;
}

const begun = (among: readonly RawClient[]): RawClient[] => among.filter(({ received }) => received !== "");

describe("bodies of one game that are on their way", () => {
  it("are no more than fit, while another game's are read at once", async () => {
    const busy = await connect("busy");
    const quiet = await connect("quiet");
    const body = [`Content-Length: ${BODY_MAX_BYTES}`, "Expect: 100-continue"];
    const many = await open(40, head(busy, "POST /tasks/assign", body));
    const [other] = await open(1, head(quiet, "POST /tasks/assign", body));
    await other?.until("100 Continue");
    expect(await asks(quiet)).toBe(200);
    expect(begun(many)).toHaveLength(16);
    const [first] = begun(many);
    first?.destroy();
    const next = many.find(({ received }) => received === "");
    await next?.until("100 Continue");
  });
});

/** A batch of lists that comes to more than systems hold between two ends of a connection. */
function longBatch(game: Game): string {
  const scope = { kind: "game", game_id: game.id } as const;
  const work = { prompt: "Fix the jump", task_type: "general", priority: 1, timeout: 600 };
  const metadata = { note: "x".repeat(16_000) };
  for (let count = 0; count < 400; count += 1)
    server.backend.engine.tasks.assign(scope, { ...work, metadata });
  const list = (id: number) => ({ id: `list_${id}`, method: "GET", path: "/tasks?limit=500" });
  const body = JSON.stringify({ requests: [list(1), list(2), list(3)] });
  return `${head(game, "POST /batch", [`Content-Length: ${body.length}`])}${body}`;
}

describe("answers that one game does not read", () => {
  it("are cut after a while, and what waits for them goes on", async () => {
    await server.close();
    server = await startServer({
      limits: { game_bytes: 100_000_000, rate_limit_per_minute: 100_000 },
      patience: { unreadMs: 20 },
    });
    const ask = longBatch(await connect("busy"));
    const silent = await open(4, "");
    for (const client of silent) {
      client.pauseAtBeginning();
      client.send(ask);
    }
    const [last] = await open(1, ask);
    await last?.until("200 OK");
    const [first] = silent;
    first?.resume();
    const received = (await first?.end()) ?? "";
    expect(received.length).toBeLessThan(Number(/content-length: (\d+)/i.exec(received)?.[1]));
  });

  it("are no more than fit, while another game is answered at once", async () => {
    const busy = await connect("busy");
    const quiet = await connect("quiet");
    const ask = longBatch(busy);
    const many: RawClient[] = [];
    for (let count = 0; count < 20; count += 1) {
      const [client] = await open(1, "");
      if (client === undefined) break;
      client.pauseAtBeginning();
      client.send(ask);
      many.push(client);
      expect(await asks(quiet)).toBe(200);
    }
    expect(begun(many).length).toBeGreaterThan(0);
    expect(begun(many).length).toBeLessThan(4);
    const next = many.find(({ received }) => received === "");
    for (const client of begun(many)) client.destroy();
    await next?.until("200 OK");
  });
});

/** What is counted for a caller while a call of it is answered that may have a long answer: before, and at the end. */
async function counted(
  answer: (call: NodeCall) => void,
): Promise<readonly [before: number, at: number, over: number]> {
  const clock = createBackendClock("manual");
  const turns = new Turns(clock, () => clock.now());
  const seen: number[] = [];
  const plain = createServer();
  plain.listen(0, "127.0.0.1");
  await once(plain, "listening");
  plain.once("request", (request: IncomingMessage, response: ServerResponse) => {
    const call = new NodeCall(request, response, "", false, 0, turns);
    void call.turn("game:one", 8_000_000);
    seen.push(turns.bytes("game:one"));
    answer(call);
    seen.push(turns.bytes("game:one"));
    response.once("close", () => plain.close());
    response.end();
  });
  const address = plain.address();
  const client = await RawClient.open(typeof address === "object" && address !== null ? address.port : 0);
  clients.push(client);
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  await once(plain, "close");
  const [before = -1, at = -1] = seen;
  return [before, at, turns.bytes("game:one")];
}

describe("an answer that might have been long", () => {
  it("holds up nothing of the caller's once it is known to be short", async () => {
    expect(await counted((call) => call.counts(0))).toEqual([8_000_000, 0, 0]);
  });

  it("is counted as what it has once that is known", async () => {
    expect(await counted((call) => call.holds(100_000, 1_000))).toEqual([8_000_000, 100_000, 0]);
  });

  it("is counted as a whole where it is longer than was thought", async () => {
    expect(await counted((call) => call.holds(9_000_000, 1_000))).toEqual([8_000_000, 9_000_000, 0]);
  });
});
