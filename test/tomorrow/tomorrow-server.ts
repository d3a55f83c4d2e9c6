import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import { startMockServer } from "../../mock-server/node.js";
import { cuedWork } from "../work/cued-work.js";
import { TASK_ENDINGS } from "../../src/contract/index.js";

/** Fields whose words grow with later versions. */
const WORDS = new Set([
  "state",
  "previous_state",
  "status",
  "stream",
  "code",
  "agent_type",
  "work",
  "kind",
  "by",
  "review",
]);
const KEPT = new Set<unknown>(TASK_ENDINGS);

/** A word that no client of today knows. */
export function later(word: string): string {
  return `later_${word}`;
}

/**
 * What a server of tomorrow would say in the place of a value: other words where the words of a list are told, but for the ends of
 * tasks, and a field more in every object.
 */
export function ofTomorrow(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ofTomorrow);
  if (typeof value !== "object" || value === null) return value;
  const told = Object.entries(value).map(([name, part]): [string, unknown] => {
    if (name === "agents_by_state") {
      return [name, Object.fromEntries(Object.entries(part).map(([state, count]) => [later(state), count]))];
    }
    const isWord = WORDS.has(name) || (name === "type" && "capabilities" in value);
    if (isWord && typeof part === "string" && !KEPT.has(part)) return [name, later(part)];
    return [name, ofTomorrow(part)];
  });
  return { ...Object.fromEntries(told), of_tomorrow: { words: ["new"] } };
}

/** Frames of tomorrow: some events have other names, and there are frames that no client of today has heard of. */
function framesOfTomorrow(text: string): string[] {
  const frame: unknown = JSON.parse(text);
  const renamed = JSON.stringify(ofTomorrow(frame)).replace(
    '"type":"agent.created"',
    '"type":"agent.dreamt"',
  );
  return [JSON.stringify({ type: "notice", words: "of tomorrow" }), renamed];
}

/** A server that speaks values of tomorrow everywhere, on a port of this machine. */
export interface TomorrowServer extends AsyncDisposable {
  readonly url: string;
  /** Closes every event stream with a code. */
  closeStreams(code: number): void;
}

/** Starts a server of today behind one that says all of it in words of tomorrow. `speed` is that of its clock. */
export async function startTomorrowServer(speed = 40): Promise<TomorrowServer> {
  const today = await startMockServer({ port: 0, seed: 7, clock: { speed }, parts: { work: cuedWork } });
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const { host: _host, connection: _connection, "content-length": _length, ...headers } = request.headers;
    const answer = await fetch(`${today.url}${request.url ?? "/"}`, {
      method: request.method ?? "GET",
      headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
      ...(parts.length > 0 ? { body: Buffer.concat(parts) } : {}),
    });
    const told = Object.fromEntries(
      [...answer.headers].filter(
        ([name]) => !/^(connection|content-(length|encoding)|transfer-encoding)$/.test(name),
      ),
    );
    const lines = (await answer.text()).split("\n").filter((line) => line !== "");
    const words = lines.map((line) => `${JSON.stringify(ofTomorrow(JSON.parse(line)))}\n`);
    response.writeHead(answer.status, told).end(words.join(""));
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (client) => {
    const upstream = new WebSocket(`${today.url.replace(/^http/, "ws")}/ws`);
    const early: string[] = [];
    upstream.on("open", () => early.splice(0).forEach((frame) => upstream.send(frame)));
    client.on("message", (data: Buffer) => {
      const frame = data.toString("utf8");
      if (upstream.readyState === WebSocket.OPEN) upstream.send(frame);
      else early.push(frame);
    });
    upstream.on("message", (data: Buffer) =>
      framesOfTomorrow(data.toString("utf8")).forEach((frame) => client.send(frame)),
    );
    client.on("close", () => upstream.close());
    upstream.on("close", () => client.close());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    closeStreams(code) {
      for (const client of sockets.clients) client.close(code, "of tomorrow");
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await today.close();
    },
  };
}
