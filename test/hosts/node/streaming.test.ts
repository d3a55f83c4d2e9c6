import { AllowedHosts } from "../../../mock-server/hosts/node/allowed-hosts.js";
import { once } from "node:events";
import { createConnection } from "node:net";
import { buffer } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import { DEFAULT_PATIENCE, createHttpServer, serveHttp } from "../../../mock-server/hosts/node/http-host.js";
import { Turns } from "../../../mock-server/hosts/node/turns.js";
import type { Answer } from "../../../mock-server/calls/answer.js";
import type { HttpCall } from "../../../mock-server/http/types.js";
import type { MockServer } from "../../../mock-server/node.js";
import { systemClock, systemStopwatch } from "../../../src/contract/clock.js";
import { RawClient } from "./raw-client.js";
import { KEY, post, startServer } from "./server.js";

/** A running task's output as it streams. */
async function follow(server: MockServer, signal?: AbortSignal) {
  await post(server, "/agents/create", { agent_type: "aider" });
  const { task_id } = await post(server, "/tasks/assign", { prompt: "Fix the double jump" });
  const response = await fetch(`${server.url}/tasks/${task_id ?? ""}/output`, {
    headers: { ...KEY, "accept-encoding": "gzip, br" },
    ...(signal === undefined ? {} : { signal }),
  });
  if (response.body === null) throw new Error("There is no body.");
  return { response, reader: response.body.pipeThrough(new TextDecoderStream()).getReader() };
}

/** Moves the clock on until a piece has come, and answers it; the server writes each as the work goes on. */
async function nextPiece(server: MockServer, reader: ReadableStreamDefaultReader<string>): Promise<string> {
  const pieces: string[] = [];
  const read = reader.read().then(({ value }) => pieces.push(value ?? ""));
  while (pieces.length === 0) {
    server.backend.clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await read;
  return pieces.join("");
}

describe("the output of a task", () => {
  it("comes line by line while the task runs, and is not held back to be compressed", async () => {
    await using server = await startServer();
    const { response, reader } = await follow(server);
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    expect(response.headers.get("content-encoding")).toBeNull();
    const first = await nextPiece(server, reader);
    expect(JSON.parse(first.split("\n")[0] ?? "")).toMatchObject({ offset: 0 });
    expect(server.backend.engine.counts().active_tasks).toBe(1);
    await reader.cancel();
  });

  it("ends with the task", async () => {
    await using server = await startServer();
    const { reader } = await follow(server);
    server.backend.clock.advance(600_000);
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      text += value;
    }
    const last = text.trimEnd().split("\n").at(-1) ?? "";
    expect(JSON.parse(last)).toMatchObject({ done: true });
  });

  it("is followed no more when the caller goes away", async () => {
    await using server = await startServer();
    const { outputs } = server.backend.engine;
    const subscribe = outputs.subscribe.bind(outputs);
    let following = 0;
    vi.spyOn(outputs, "subscribe").mockImplementation((task, listener) => {
      following += 1;
      const undo = subscribe(task, listener);
      return () => {
        following -= 1;
        undo();
      };
    });
    const caller = new AbortController();
    await follow(server, caller.signal);
    expect(following).toBe(1);
    caller.abort();
    await vi.waitFor(() => {
      expect(following).toBe(0);
    });
  });
});

/** A server over a handler of the test's own. */
async function serverOf(handler: (call: HttpCall) => Answer) {
  const server = createHttpServer(DEFAULT_PATIENCE);
  serveHttp(server, handler, {
    own: "http://localhost",
    hosts: new AllowedHosts(),
    proxies: 0,
    turns: new Turns(systemClock(), systemStopwatch()),
    unreadMs: DEFAULT_PATIENCE.unreadMs,
    compression: true,
    closing: () => false,
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

const streamed = (body: AsyncIterable<string>): Answer => ({ status: 200, headers: {}, body });

const GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

describe("a stream", () => {
  it("makes no more pieces than a caller that does not read can take", async () => {
    let made = 0;
    const piece = "x".repeat(65_536);
    async function* pieces() {
      for (;;) {
        made += 1;
        yield piece;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    await using server = await serverOf(() => streamed(pieces()));
    const socket = createConnection(server.port, "127.0.0.1");
    socket.pause();
    socket.write(GET);
    let before = -1;
    while (made === 0 || made !== before) {
      before = made;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(made).toBeLessThan(1_000);
    socket.destroy();
  });

  it("goes on when the caller reads again", async () => {
    const piece = "x".repeat(65_536);
    async function* pieces() {
      for (let index = 0; index < 200; index += 1) yield piece;
    }
    await using server = await serverOf(() => streamed(pieces()));
    const socket = createConnection(server.port, "127.0.0.1");
    socket.pause();
    socket.write(GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const received = await buffer(socket);
    expect(received.byteLength).toBeGreaterThan(200 * piece.length);
    expect(received.toString("latin1").endsWith("\r\n0\r\n\r\n")).toBe(true);
  });

  it("sends its headers before the first piece is there", async () => {
    async function* pieces() {
      await new Promise(() => undefined);
      yield "never";
    }
    await using server = await serverOf(() => streamed(pieces()));
    await using client = await RawClient.open(server.port);
    client.send(GET);
    expect(await client.until("\r\n\r\n")).toContain("HTTP/1.1 200 OK");
  });

  it("that breaks midway is seen as broken, not as ended", async () => {
    async function* pieces() {
      yield "half a ";
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error("broken");
    }
    await using server = await serverOf(() => streamed(pieces()));
    await using client = await RawClient.open(server.port);
    client.send(GET);
    const received = await client.end();
    expect(received).toContain("half a ");
    expect(received).not.toContain("\r\n0\r\n\r\n");
  });

  it("is told when the caller goes away, also between two pieces", async () => {
    let stop: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const pieces: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return: async () => {
          stop();
          return { done: true, value: undefined };
        },
      }),
    };
    await using server = await serverOf(() => streamed(pieces));
    const client = await RawClient.open(server.port);
    client.send(GET);
    await client.until("200 OK");
    client.destroy();
    await stopped;
  });

  it("aborts the call's signal when the caller goes away", async () => {
    let aborted: () => void = () => undefined;
    const told = new Promise<void>((resolve) => {
      aborted = resolve;
    });
    async function* pieces() {
      yield "first";
      await told;
    }
    await using server = await serverOf((call) => {
      call.signal?.addEventListener("abort", () => aborted());
      return streamed(pieces());
    });
    const client = await RawClient.open(server.port);
    client.send(GET);
    await client.until("first");
    client.destroy();
    await told;
  });

  it("does not abort the signal when it ends by itself", async () => {
    const signals: AbortSignal[] = [];
    async function* pieces() {
      yield "all";
    }
    await using server = await serverOf((call) => {
      if (call.signal !== undefined) signals.push(call.signal);
      return streamed(pieces());
    });
    await using client = await RawClient.open(server.port);
    client.send(GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    await client.end();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });

  it("has nothing written into its middle when rubbish follows on its connection", async () => {
    async function* pieces() {
      yield "first";
      await new Promise(() => undefined);
    }
    await using server = await serverOf(() => streamed(pieces()));
    await using client = await RawClient.open(server.port);
    client.send(GET);
    await client.until("first");
    client.send("\0\0 rubbish\r\n\r\n");
    expect(await client.end()).not.toContain("400");
  });
});
