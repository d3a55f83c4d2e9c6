import { describe, expect, it } from "vitest";
import { DIRECT } from "../../../src/contract/direct.js";
import { HELLO_TIMEOUT_MS } from "../../../src/contract/index.js";
import { AuthenticationError, isClosedError, isPermissionError } from "../../../src/errors/index.js";
import * as core from "../../../src/lazy/live.js";
import type { ConnectionState } from "../../../src/client/stream/stream-events.js";
import { untilLive } from "../../../src/client/stream/ready.js";
import { Lifetime } from "../../../src/lifetime.js";
import type { AgentsSnapshot } from "../../../src/client/stream/ports.js";
import { FakeServer, FakeSocket } from "./support/fake-server.js";
import { agent, eventFrame, welcome } from "./support/frames.js";
import { makeLiveStream, makeStream } from "./support/stream.js";
import { settle } from "./support/virtual-clock.js";

const nothing = {
  listeners: 0,
  iterators: 0,
  commands: 0,
  sockets: 0,
  timers: 0,
  wakes: 0,
  events: 0,
  unsentBytes: 0,
};

describe("Opening the stream", () => {
  it("makes nothing before it is opened", () => {
    const { server, clock, stream } = makeStream();
    expect(server.sockets).toHaveLength(0);
    expect(clock.pending).toBe(0);
    expect(stream.state).toEqual({ status: "idle" });
  });

  it("says hello with the credentials, the protocol and the subscription, in the first frame", async () => {
    const { server, stream } = makeStream();
    stream.open({ game_id: "game_1", types: ["task.*"] });
    await settle();
    server.socket.accept();
    expect(server.socket.received).toEqual([
      {
        type: "hello",
        protocol: 1,
        session_token: "first_token",
        subscribe: { game_id: "game_1", types: ["task.*"] },
      },
    ]);
  });

  it("puts no credentials into the address", async () => {
    const { server } = await makeLiveStream();
    expect(server.socket.url).not.toContain("token");
  });

  it("tells each change of the connection, with the one before", async () => {
    const { server, stream } = makeStream();
    const changes: string[] = [];
    stream.on("connection", ({ previous, current }) => changes.push(`${previous.status}>${current.status}`));
    stream.open();
    await settle();
    server.socket.accept().tell(welcome());
    stream.close();
    expect(changes).toEqual([
      "idle>connecting",
      "connecting>authenticating",
      "authenticating>live",
      "live>closed",
    ]);
  });

  it("has a state that stays the same object until it changes", async () => {
    const { server, stream } = await makeLiveStream();
    const before = stream.state;
    server.socket.tell(eventFrame(1));
    expect(stream.state).toBe(before);
  });

  it("is ready when it is live", async () => {
    const { server, stream } = makeStream();
    stream.open();
    let isReady = false;
    const waiting = untilLive(stream, new Lifetime(), undefined).then(() => (isReady = true));
    await settle();
    expect(isReady).toBe(false);
    server.socket.accept().tell(welcome());
    await waiting;
    expect(isReady).toBe(true);
  });

  it("says that it never will be ready when it stopped or its user is closed, or the waiting was cancelled", async () => {
    const { server, stream } = makeStream();
    stream.open();
    const lifetime = new Lifetime();
    const waiting = untilLive(stream, lifetime, undefined);
    const controller = new AbortController();
    const cancelled = untilLive(stream, lifetime, controller.signal);
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ name: "CancelledError" });
    await settle();
    server.socket.accept().end(4403);
    await expect(waiting).rejects.toSatisfy(isPermissionError);
    lifetime.end();
    await expect(untilLive(stream, lifetime, undefined)).rejects.toSatisfy(isClosedError);
  });

  it("gives up on a socket that stays silent, and tries again by itself", async () => {
    const { server, stream, clock } = makeStream();
    stream.open();
    await settle();
    server.socket.accept();
    await clock.advance(2 * HELLO_TIMEOUT_MS + 1_000);
    expect(server.sockets).toHaveLength(2);
    expect(server.sockets[0]?.closedByClient).toMatchObject({ terminated: true });
  });

  it("lives on with a WebSocket that throws when it is made", async () => {
    class Refused extends FakeSocket {
      constructor(url: string) {
        super(url);
        throw new SyntaxError("The URL is not valid.");
      }
    }
    const { stream, errors } = makeStream({ WebSocket: Refused });
    stream.open();
    await settle();
    expect(stream.state).toMatchObject({ status: "waiting" });
    expect(errors[0]?.message).toBe("The URL is not valid.");
  });
});

describe("The code that runs the connection", () => {
  it("is loaded when the stream is opened, once, and the newest subscription is followed", async () => {
    let loads = 0;
    const { server, stream } = makeStream({
      load: () => {
        loads += 1;
        return Promise.resolve(core);
      },
    });
    expect(loads).toBe(0);
    stream.open({ game_id: "game_1" });
    stream.open({ game_id: "game_2" });
    await settle();
    expect(loads).toBe(1);
    expect(server.socket.accept().received[0]).toMatchObject({ subscribe: { game_id: "game_2" } });
  });

  it("that cannot be loaded stops the stream, and opening it again tries again", async () => {
    let loads = 0;
    const { server, stream, warnings } = makeStream({
      load: () => {
        loads += 1;
        return loads === 1 ? Promise.reject(new Error("404")) : Promise.resolve(core);
      },
    });
    stream.open();
    await expect(untilLive(stream, new Lifetime(), undefined)).rejects.toMatchObject({ name: "ServerError" });
    expect(stream.state).toMatchObject({ status: "stopped", reason: "not loaded" });
    expect(warnings[0]).toContain("404");
    stream.open();
    await settle();
    server.socket.accept().tell(welcome());
    await expect(untilLive(stream, new Lifetime(), undefined)).resolves.toBeUndefined();
  });

  it("is not started when the stream was closed while it was loaded", async () => {
    const { server, stream, clock } = makeStream();
    stream.open();
    stream.close();
    await settle();
    expect(server.sockets).toHaveLength(0);
    expect(clock.pending).toBe(0);
    expect(stream.state).toEqual({ status: "closed" });
  });

  it("begins to load before the stream is opened where that is to be expected, at a backend in the page too", async () => {
    let loads = 0;
    let prepared = 0;
    const server = new FakeServer();
    const { stream } = makeStream({
      WebSocket: Object.assign(server.WebSocket, { [DIRECT]: () => (prepared += 1) }),
      load: () => {
        loads += 1;
        return Promise.reject(new Error("404"));
      },
    });
    stream.prepare();
    await settle();
    expect([loads, prepared]).toEqual([1, 1]);
    expect(stream.state).toEqual({ status: "idle" });
  });
});

describe("Credentials", () => {
  it("are got anew, fresh, once, after the server refused them", async () => {
    const { server, asked, stream } = await makeLiveStream();
    server.socket.end(4401);
    await settle();
    server.socket.accept();
    expect(asked).toEqual([false, true]);
    expect(server.socket.received[0]).toMatchObject({ session_token: "fresh_token" });
    server.socket.end(4401);
    expect(stream.state).toMatchObject({ status: "stopped", reason: "unauthorized" });
  });

  it("that are refused for good stop the stream; others are tried again", async () => {
    const refused = new AuthenticationError("No.", {
      code: "unauthorized",
      status: 401,
      outcome: "rejected",
      remediation: "",
    });
    const { stream, errors } = makeStream({ credentials: () => Promise.reject(refused) });
    stream.open();
    await settle();
    expect(stream.state).toMatchObject({ status: "stopped", reason: "no credentials" });
    expect(errors[0]).toBe(refused);

    const down = makeStream({ credentials: () => Promise.reject(new Error("The network is down.")) });
    down.stream.open();
    await settle();
    expect(down.stream.state).toMatchObject({ status: "waiting" });
  });

  it("that never come are given up after a while", async () => {
    const { stream, clock } = makeStream({ credentials: () => new Promise(() => undefined) });
    const seen: ConnectionState[] = [];
    stream.on("connection", ({ current }) => seen.push(current));
    stream.open();
    await clock.advance(29_999);
    expect(seen.map(({ status }) => status)).toEqual(["connecting"]);
    await clock.advance(1);
    expect(seen[1]).toMatchObject({ status: "waiting", reason: "no credentials" });
  });

  it("are in no state, error or warning", async () => {
    const { server, stream, errors, warnings, clock } = await makeLiveStream();
    server.socket.tellRaw("garbage").end(1012);
    await clock.advance(1_000);
    const seen = JSON.stringify([stream.state, stream.subscription, errors, warnings]);
    expect(seen).not.toContain("token");
  });

  it("the game is connected again after its session has expired", async () => {
    let connected = 0;
    const { server } = await makeLiveStream({
      reconnectGame: () => {
        connected += 1;
        return Promise.resolve();
      },
    });
    server.socket.end(4410);
    await settle();
    expect(connected).toBe(1);
    expect(server.sockets).toHaveLength(2);
  });
});

describe("Events", () => {
  it.each(["error", "connection", "gap", "*"])(
    "that a server names %s reach no listener of that name",
    async (type) => {
      const { server, stream, told } = await makeLiveStream();
      const codes: string[] = [];
      let changes = 0;
      let gaps = 0;
      stream.on("error", ({ code }) => codes.push(code));
      stream.on("connection", () => (changes += 1));
      stream.on("gap", () => (gaps += 1));
      server.socket.tell(eventFrame(1, { type })).tell(eventFrame(2));
      await settle();
      expect(codes).toEqual(["contract_mismatch"]);
      expect([changes, gaps]).toEqual([0, 0]);
      expect(told.map((event) => (event.type === "gap" ? event : event.seq))).toEqual([2]);
    },
  );

  it("come in order, once, over as many connections as it takes", async () => {
    const { server, told, clock } = await makeLiveStream();
    server.socket.tell(eventFrame(1)).tell(eventFrame(2)).tell(eventFrame(2)).end(1006);
    await clock.advance(1_000);
    expect(server.socket.accept().received[0]).toMatchObject({ resume: { epoch: "epoch_1", seq: 2 } });
    server.socket.tell(welcome({ seq: 4, recovered: true }));
    server.socket.tell(eventFrame(3)).tell(eventFrame(4));
    expect(told.map((event) => event.type !== "gap" && event.seq)).toEqual([1, 2, 3, 4]);
  });

  it("after a gap come with the snapshot, and then from its place on", async () => {
    const taken: AgentsSnapshot = { agents: [agent("agent_1")], cursor: { epoch: "epoch_2", seq: 5 } };
    const { server, told, clock } = await makeLiveStream({ snapshot: () => Promise.resolve(taken) });
    server.socket.tell(eventFrame(1)).end(1012);
    await clock.advance(1_000);
    server.socket.accept().tell(welcome({ epoch: "epoch_2", seq: 4 }));
    server.socket.tell(eventFrame(5, { epoch: "epoch_2" })).tell(eventFrame(6, { epoch: "epoch_2" }));
    await settle();
    expect(told.map((event) => (event.type === "gap" ? event : event.seq))).toEqual([
      1,
      {
        type: "gap",
        reason: "epoch_changed",
        from: { epoch: "epoch_1", seq: 1 },
        to: { epoch: "epoch_2", seq: 5 },
        agents: taken.agents,
      },
      6,
    ]);
  });

  it("a snapshot that fails is reported and taken again", async () => {
    let tries = 0;
    const { server, told, errors, clock } = await makeLiveStream({
      snapshot: () => {
        tries += 1;
        return tries < 3
          ? Promise.reject(new Error("503"))
          : Promise.resolve({ agents: [], cursor: { epoch: "epoch_2", seq: 0 } });
      },
    });
    server.socket.end(1012);
    await clock.advance(1_000);
    server.socket.accept().tell(welcome({ epoch: "epoch_2" }));
    await clock.advance(5_000);
    expect(tries).toBe(3);
    expect(errors.map(({ message }) => message)).toEqual(["503", "503"]);
    expect(told).toHaveLength(1);
  });

  it.each([
    ["what is not JSON", "{"],
    ["what is no object", "[1]"],
    ["what has no type", "{}"],
    ["what is not text", new Uint8Array([1])],
    ["a second welcome", JSON.stringify(welcome())],
    ["a ping without t", '{"type":"ping"}'],
    ["an ack of nothing", '{"type":"ack","id":"command_1","ok":"maybe"}'],
  ])("%s is reported, and the stream goes on", async (_, message) => {
    const { server, errors, told } = await makeLiveStream();
    server.socket.tellRaw(message).tell(eventFrame(1));
    expect(errors).toHaveLength(1);
    expect(errors[0]?.name).toBe("ContractError");
    expect(told).toHaveLength(1);
  });

  it("a ping is answered", async () => {
    const { server } = await makeLiveStream();
    server.socket.tell({ type: "ping", t: 5 });
    expect(server.socket.framesOf("pong")).toEqual([{ type: "pong", t: 5 }]);
  });
});

describe("Silence", () => {
  it("of two beats ends the connection and resumes at once", async () => {
    const { server, stream, clock } = await makeLiveStream();
    await clock.advance(29_000);
    expect(stream.state.status).toBe("live");
    await clock.advance(6_000);
    expect(server.sockets).toHaveLength(2);
    expect(server.sockets[0]?.closedByClient).toMatchObject({ terminated: true });
  });

  it("after a sleep of the machine is seen at the next tick of a timer", async () => {
    const { server, clock } = await makeLiveStream();
    clock.sleep(3_600_000);
    await clock.advance(0);
    expect(server.sockets).toHaveLength(2);
  });
});

describe("Waking", () => {
  /** A stream whose wakes the test makes. */
  const makeWaking = () => {
    const wakes = new Set<() => void>();
    const lifecycle = {
      subscribe: (wake: () => void) => {
        wakes.add(wake);
        return () => wakes.delete(wake);
      },
    };
    return { wakes, made: makeStream({ lifecycle }) };
  };

  it("is listened to from opening to closing", async () => {
    const { wakes, made } = makeWaking();
    expect(wakes.size).toBe(0);
    made.stream.open();
    await settle();
    made.stream.open();
    expect(wakes.size).toBe(1);
    made.stream.close();
    expect(wakes.size).toBe(0);
  });

  it("brings the next try near", async () => {
    const { wakes, made } = makeWaking();
    const { server, stream, clock } = made;
    server.onconnect = (socket) => queueMicrotask(() => socket.end(1006));
    stream.open();
    await clock.advance(120_000);
    server.onconnect = null;
    const tries = server.sockets.length;
    for (const wake of wakes) wake();
    await clock.advance(250);
    expect(server.sockets.length).toBe(tries + 1);
  });
});

describe("Closing", () => {
  const moments: [string, () => Promise<ReturnType<typeof makeStream>>][] = [
    ["before it is opened", async () => makeStream()],
    [
      "while credentials are got",
      async () => {
        const made = makeStream({ credentials: () => new Promise(() => undefined) });
        made.stream.open();
        return made;
      },
    ],
    [
      "while the socket opens",
      async () => {
        const made = makeStream();
        made.stream.open();
        await settle();
        return made;
      },
    ],
    [
      "while the welcome is awaited",
      async () => {
        const made = makeStream();
        made.stream.open();
        await settle();
        made.server.socket.accept();
        return made;
      },
    ],
    ["while it is live", () => makeLiveStream()],
    [
      "while a snapshot is taken",
      async () => {
        const made = await makeLiveStream({ snapshot: () => new Promise(() => undefined) });
        made.server.socket.end(1006);
        await made.clock.advance(1_000);
        made.server.socket.accept().tell(welcome({ seq: 9 }));
        return made;
      },
    ],
    [
      "while it waits for the next try",
      async () => {
        const made = await makeLiveStream();
        made.server.socket.end(1013);
        return made;
      },
    ],
    [
      "while the game is connected again",
      async () => {
        const made = await makeLiveStream({ reconnectGame: () => new Promise(() => undefined) });
        made.server.socket.end(4410);
        return made;
      },
    ],
    [
      "after it stopped",
      async () => {
        const made = await makeLiveStream();
        made.server.socket.end(4400);
        return made;
      },
    ],
  ];

  it.each(moments)("%s leaves nothing", async (_, make) => {
    const { server, stream, clock } = await make();
    const iterator = stream.events();
    stream.close();
    await settle();
    const { length } = server.sockets;
    expect(stream.stats).toEqual(nothing);
    expect(clock.pending).toBe(0);
    expect(server.open).toBe(0);
    await expect(iterator.next()).resolves.toEqual({ done: true, value: undefined });
    await clock.advance(600_000);
    expect(server.sockets).toHaveLength(length);
    expect(stream.state).toEqual({ status: "closed" });
  });

  it("ignores credentials and snapshots that come later, and tells them so by their signal", async () => {
    let give: (() => void) | undefined;
    let signal: AbortSignal | undefined;
    const { server, stream } = makeStream({
      credentials: (_, given) => {
        signal = given;
        return new Promise((resolve) => (give = () => resolve({ api_key: "key" })));
      },
    });
    stream.open();
    await settle();
    stream.close();
    expect(signal?.aborted).toBe(true);
    give?.();
    await settle();
    expect(server.sockets).toHaveLength(0);
  });

  it("by a listener is the last thing that is told", async () => {
    const { server, stream, told } = await makeLiveStream();
    const states: ConnectionState["status"][] = [];
    stream.on("connection", ({ current }) => states.push(current.status));
    stream.on("agent.removed", () => stream.close());
    server.socket.tell(eventFrame(1)).tell(eventFrame(2));
    expect(told).toHaveLength(1);
    expect(states).toEqual(["closed"]);
  });

  it("is for ever: opening and listening are refused with a typed error", () => {
    const { stream } = makeStream();
    stream.close();
    stream.close();
    for (const use of [() => stream.open(), () => stream.on("*", () => undefined), () => stream.events()]) {
      expect(use).toThrow(expect.toSatisfy(isClosedError));
    }
  });

  it("after 200 reconnects leaves as many listeners, timers and sockets as there were before", async () => {
    const wakes = new Set<() => void>();
    const made = makeStream({
      lifecycle: { subscribe: (wake) => (wakes.add(wake), () => wakes.delete(wake)) },
    });
    const { server, stream, clock } = made;
    const before = { timers: clock.pending, listeners: stream.stats.listeners };
    server.onconnect = (socket) =>
      queueMicrotask(() => socket.accept().tell(welcome({ recovered: server.sockets.length > 1 })));
    stream.open({ game_id: "game_1" });
    const codes = [1006, 1001, 1012, 4408, 4413];
    const most = { timers: 0, sockets: 0, wakes: 0 };
    for (let cut = 0; cut < 200; cut += 1) {
      await clock.advance(20_000);
      expect(stream.state.status).toBe("live");
      const { timers, sockets } = stream.stats;
      most.timers = Math.max(most.timers, timers);
      most.sockets = Math.max(most.sockets, sockets);
      most.wakes = Math.max(most.wakes, wakes.size);
      expect(stream.stats.listeners).toBe(before.listeners);
      server.socket.end(codes[cut % codes.length]);
    }
    await clock.advance(20_000);
    expect(server.sockets.length).toBeGreaterThanOrEqual(201);
    expect(server.open).toBe(1);
    expect(most).toEqual({ timers: 1, sockets: 1, wakes: 1 });
    stream.close();
    expect(stream.stats).toEqual(nothing);
    expect(clock.pending).toBe(before.timers);
    expect(server.open).toBe(0);
    expect(wakes.size).toBe(0);
  });
});
