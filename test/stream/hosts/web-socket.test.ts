import { describe, expect, it } from "vitest";
import { ADDRESS, createPage, ENDPOINT, HELLO, Recorder, turns } from "./in-page-rig.js";

async function opened(page = createPage()) {
  const socket = new page.InPage(ADDRESS);
  const recorder = new Recorder(socket);
  await recorder.told("open");
  return { ...page, socket, recorder };
}

async function greeted(page = createPage()) {
  const all = await opened(page);
  all.socket.send(HELLO);
  await all.recorder.told("message");
  return all;
}

describe("the WebSocket class of a page", () => {
  it("has the browser's constants on class and object", () => {
    const { InPage } = createPage();
    const socket = new InPage(ADDRESS);
    for (const holder of [InPage, socket]) {
      expect([holder.CONNECTING, holder.OPEN, holder.CLOSING, holder.CLOSED]).toEqual([0, 1, 2, 3]);
    }
    expect(socket).toBeInstanceOf(EventTarget);
    expect(socket).toBeInstanceOf(InPage);
  });

  it("begins as a browser's does", () => {
    const { InPage } = createPage();
    const {
      readyState,
      url,
      protocol,
      extensions,
      binaryType,
      bufferedAmount,
      onopen,
      onclose,
      onmessage,
      onerror,
    } = new InPage(ADDRESS);
    expect({ readyState, url, protocol, extensions, binaryType, bufferedAmount }).toEqual({
      readyState: 0,
      url: ADDRESS,
      protocol: "",
      extensions: "",
      binaryType: "blob",
      bufferedAmount: 0,
    });
    expect([onopen, onclose, onmessage, onerror]).toEqual([null, null, null, null]);
  });

  it("touches no global", () => {
    const before = Object.getOwnPropertyNames(globalThis).sort();
    createPage();
    expect(Object.getOwnPropertyNames(globalThis).sort()).toEqual(before);
  });

  it("reads an http address as ws, as browsers do", async () => {
    const { InPage } = createPage();
    const socket = new InPage(`${ENDPOINT}/ws?a=b`);
    expect(socket.url).toBe("ws://agentvm.localhost/ws?a=b");
    const recorder = new Recorder(socket);
    await recorder.told("open");
    expect(socket.readyState).toBe(1);
  });

  const badAddresses: [string, string | URL, string | string[]][] = [
    ["an address that is none", "not an address", []],
    ["an address of another scheme", "ftp://agentvm.localhost/ws", []],
    ["an address with a fragment", `${ADDRESS}#a`, []],
    ["an address with an empty fragment", `${ADDRESS}#`, []],
    ["a subprotocol with a space", ADDRESS, "a b"],
    ["an empty subprotocol", ADDRESS, [""]],
    ["a subprotocol that is named twice", ADDRESS, ["a", "b", "a"]],
  ];
  it.each(badAddresses)("throws a SyntaxError for %s", (_what, address, protocols) => {
    const { InPage } = createPage();
    expect(() => new InPage(address, protocols)).toThrow(expect.objectContaining({ name: "SyntaxError" }));
  });

  it("does not repeat an address that is wrong, since a secret may be in it", () => {
    const { InPage } = createPage();
    expect(() => new InPage("ftp://agentvm.localhost/?key=secret")).toThrow(/^(?!.*secret)/);
  });

  it("takes the first subprotocol that is asked for, as the network host does", async () => {
    const { InPage } = createPage();
    const socket = new InPage(ADDRESS, ["one", "two"]);
    await new Recorder(socket).told("open");
    expect(socket.protocol).toBe("one");
  });
});

describe("opening", () => {
  it("comes in a later turn than the microtasks of the one that asked", async () => {
    const { InPage } = createPage();
    const recorder = new Recorder(new InPage(ADDRESS));
    for (let tick = 0; tick < 50; tick += 1) await Promise.resolve();
    expect(recorder.log).toEqual([]);
    await recorder.told("open");
    expect(recorder.log).toEqual(["open"]);
  });

  it("is told to handler and listeners in the order they came", async () => {
    const { InPage } = createPage();
    const socket = new InPage(ADDRESS);
    const order: string[] = [];
    socket.addEventListener("open", () => order.push("listener 1"));
    socket.onopen = () => order.push("first handler");
    socket.addEventListener("open", () => order.push("listener 2"));
    socket.onopen = () => order.push("handler");
    await new Recorder(socket).told("open");
    expect(order).toEqual(["listener 1", "handler", "listener 2"]);
  });

  it("is not told to a handler that was taken away", async () => {
    const { InPage } = createPage();
    const socket = new InPage(ADDRESS);
    const heard: string[] = [];
    socket.onopen = () => heard.push("handler");
    socket.onopen = null;
    await new Recorder(socket).told("open");
    expect(heard).toEqual([]);
    expect(socket.onopen).toBeNull();
  });

  it("calls a handler with the socket as this and the event", async () => {
    const { InPage } = createPage();
    const socket = new InPage(ADDRESS);
    const called = new Promise((resolve) => {
      socket.onopen = function (event) {
        resolve([this === socket, event.type, event.target === socket]);
      };
    });
    expect(await called).toEqual([true, "open", true]);
  });

  it.each([
    ["another host", "ws://elsewhere.localhost/ws"],
    ["another port", "ws://agentvm.localhost:81/ws"],
    ["another path", "ws://agentvm.localhost/socket"],
    ["TLS, which is not there", "wss://agentvm.localhost/ws"],
  ])("at %s fails as a dead network does", async (_what, address) => {
    const { InPage } = createPage();
    const socket = new InPage(address);
    const recorder = new Recorder(socket);
    await recorder.told("close");
    expect(recorder.log).toEqual(["error", "close"]);
    expect(recorder.closed).toEqual({ code: 1006, reason: "", wasClean: false });
    expect(socket.readyState).toBe(3);
  });

  it("fails the same way once the backend is closed", async () => {
    const { backend, InPage } = createPage();
    backend.close();
    const recorder = new Recorder(new InPage(ADDRESS));
    await recorder.told("close");
    expect(recorder.log).toEqual(["error", "close"]);
    expect(recorder.closed?.code).toBe(1006);
  });

  it("that is called off fails with an error and 1006", async () => {
    const { backend, InPage } = createPage();
    const socket = new InPage(ADDRESS);
    const recorder = new Recorder(socket);
    socket.close();
    expect(socket.readyState).toBe(2);
    await recorder.told("close");
    expect(recorder.log).toEqual(["error", "close"]);
    expect(recorder.closed).toEqual({ code: 1006, reason: "", wasClean: false });
    expect(backend.hub.connections).toBe(0);
  });
});

describe("sending", () => {
  it("before the socket is open throws an InvalidStateError", () => {
    const { InPage } = createPage();
    expect(() => new InPage(ADDRESS).send("x")).toThrow(
      expect.objectContaining({ name: "InvalidStateError" }),
    );
  });

  it("counts in bufferedAmount, in bytes of UTF-8, until it has left", async () => {
    const { socket, recorder } = await opened();
    socket.send(HELLO);
    socket.send('{"type":"é€😀"}');
    expect(socket.bufferedAmount).toBe(HELLO.length + 11 + 9);
    await recorder.told("close");
    expect(recorder.messages[0]).toContain("welcome");
    expect(recorder.closed?.reason).toBe("bad frame: unknown type");
  });

  it("and closing at once still sends", async () => {
    const { backend, socket, recorder } = await greeted();
    socket.send(
      JSON.stringify({
        type: "command",
        id: "c1",
        method: "tasks.assign",
        params: { prompt: "Fix the jump" },
      }),
    );
    socket.close();
    await recorder.told("close");
    expect(backend.engine.counts().pending_tasks).toBe(1);
  });

  it("after closing throws nothing, sends nothing and counts for ever", async () => {
    const { socket, recorder } = await greeted();
    socket.close();
    socket.send("12345");
    socket.send(new Uint8Array(3));
    await recorder.told("close");
    socket.send("é");
    expect(socket.bufferedAmount).toBe(10);
  });

  it.each([
    ["an ArrayBuffer", new ArrayBuffer(4)],
    ["a typed array", new Uint8Array(4)],
    ["a Blob", new Blob(["{}"])],
  ])("%s ends the connection as a bad frame", async (_what, data) => {
    const { socket, recorder } = await greeted();
    socket.send(data);
    await recorder.told("close");
    expect(recorder.closed).toEqual({
      code: 4400,
      reason: "bad frame: binary messages are not read here",
      wasClean: true,
    });
  });

  it("half of a surrogate pair sends the mark that replaces it", async () => {
    const { backend, socket, recorder } = await greeted();
    const params = '{"prompt":"a\ud800b"}';
    socket.send(`{"type":"command","id":"c1","method":"tasks.assign","params":${params}}`);
    await recorder.told("message", 3);
    expect(backend.engine.tasks.list({ kind: "all" }, {}).items[0]?.prompt).toBe("a\ufffdb");
  });

  it("more than the page may hold breaks the connection", async () => {
    const { socket, recorder } = await greeted();
    for (let count = 0; count < 17; count += 1) socket.send("x".repeat(1_048_576));
    await recorder.told("close");
    expect(recorder.closed).toEqual({ code: 1006, reason: "", wasClean: false });
  });
});

describe("receiving", () => {
  it("comes in order, each message in a turn of its own, after what promises left of the one before", async () => {
    const { backend, socket, recorder } = await greeted();
    const order: string[] = [];
    socket.onmessage = ({ data }) => {
      const { seq } = JSON.parse(String(data));
      order.push(`message ${seq}`);
      void Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => order.push(`promise ${seq}`));
    };
    for (const agent_type of ["aider", "claude", "opencode"])
      backend.engine.agents.create({ kind: "all" }, { agent_type });
    expect(order).toEqual([]);
    await recorder.told("message", 4);
    await turns(1);
    expect(order).toEqual(["message 1", "promise 1", "message 2", "promise 2", "message 3", "promise 3"]);
  });

  it("gives a MessageEvent with text and the origin of the stream", async () => {
    const { socket } = await opened();
    const event = await new Promise<MessageEvent>((resolve) => {
      socket.onmessage = resolve;
      socket.send(HELLO);
    });
    expect(event).toBeInstanceOf(MessageEvent);
    expect([typeof event.data, event.origin]).toEqual(["string", "ws://agentvm.localhost"]);
  });

  it("a message of hundreds of kilobytes gives it whole", async () => {
    const { backend, recorder } = await greeted(createPage({ limits: { prompt_max_characters: 100_000 } }));
    const prompt = "é".repeat(100_000);
    backend.operations.run(
      "taskAssign",
      backend.access.identify({ apiKey: "development-key" }),
      { body: { prompt } },
      { origin: ENDPOINT },
    );
    await recorder.told("message", 2);
    expect(JSON.parse(recorder.messages[1] ?? "").data.task.prompt).toBe(prompt);
  });

  it("stops when the page begins to close", async () => {
    const { backend, socket, recorder } = await greeted();
    backend.engine.agents.create({ kind: "all" }, { agent_type: "aider" });
    socket.close();
    await recorder.told("close");
    expect(recorder.messages).toHaveLength(1);
  });

  it("a flood leaves turns to others", async () => {
    const { backend, recorder } = await greeted(createPage({ limits: { max_agents: 3_000 } }));
    const messages = 2_001;
    let turnsOfOthers = 0;
    const other = (): void => {
      turnsOfOthers += 1;
      if (recorder.messages.length < messages) setImmediate(other);
    };
    for (let count = 0; count < 2_000; count += 1)
      backend.engine.agents.create({ kind: "all" }, { agent_type: "aider" });
    setImmediate(other);
    await recorder.told("message", messages);
    expect(turnsOfOthers).toBeGreaterThan(1);
  });

  it("that answers and is answered without end leaves turns too, until its frames are too many", async () => {
    const { socket, recorder } = await greeted();
    const ask = (): void => {
      const params = { task_id: "task_0" };
      if (socket.readyState === 1)
        socket.send(JSON.stringify({ type: "command", id: "c", method: "tasks.cancel", params }));
    };
    let turnsOfOthers = 0;
    const other = (): void => {
      turnsOfOthers += 1;
      if (recorder.closed === null) setImmediate(other);
    };
    setImmediate(other);
    socket.onmessage = ask;
    ask();
    await recorder.told("close");
    expect(recorder.closed?.code).toBe(4429);
    expect(turnsOfOthers).toBeGreaterThan(1);
  });
});

describe("closing", () => {
  it("by the page is clean and gives back code and reason", async () => {
    const { backend, socket, recorder } = await greeted();
    socket.close(3001, "done é");
    expect(socket.readyState).toBe(2);
    expect(recorder.closed).toBeNull();
    await recorder.told("close");
    expect(recorder.closed).toEqual({ code: 3001, reason: "done é", wasClean: true });
    expect(recorder.log.slice(-1)).toEqual(["close"]);
    expect(socket.readyState).toBe(3);
    expect(backend.hub.connections).toBe(0);
  });

  it("by the page without a code is told as 1005", async () => {
    const { socket, recorder } = await greeted();
    socket.close();
    socket.close(4000);
    await recorder.told("close");
    expect(recorder.closed).toEqual({ code: 1005, reason: "", wasClean: true });
  });

  it.each([0, 999, 1001, 1006, 2999, 5000, 65_536 + 1000, Number.NaN])(
    "with the code %s throws an InvalidAccessError and closes nothing",
    async (code) => {
      const { socket } = await opened();
      expect(() => {
        socket.close(code);
      }).toThrow(expect.objectContaining({ name: "InvalidAccessError" }));
      expect(socket.readyState).toBe(1);
    },
  );

  it("with a reason of more than 123 bytes throws a SyntaxError", async () => {
    const { socket } = await opened();
    expect(() => {
      socket.close(1000, "é".repeat(62));
    }).toThrow(expect.objectContaining({ name: "SyntaxError" }));
    socket.close(1000, "é".repeat(61));
    expect(socket.readyState).toBe(2);
  });

  it("by the hub is told behind what was sent before, with its code", async () => {
    const { backend, recorder } = await greeted();
    backend.engine.agents.create({ kind: "all" }, { agent_type: "aider" });
    backend.close();
    await recorder.told("close");
    expect(recorder.messages).toHaveLength(2);
    expect(recorder.closed).toEqual({ code: 1012, reason: "server restarting", wasClean: true });
  });

  it("is told as a CloseEvent once, and nothing after it", async () => {
    const { backend, socket, recorder } = await greeted();
    const event = await new Promise<CloseEvent>((resolve) => {
      socket.onclose = resolve;
      socket.close(1000);
    });
    backend.close();
    await turns();
    expect(event).toBeInstanceOf(Event);
    expect([event.type, event.code, event.reason, event.wasClean]).toEqual(["close", 1000, "", true]);
    expect(recorder.log.filter((type) => type === "close")).toHaveLength(1);
    expect(recorder.log.at(-1)).toBe("close");
  });
});

describe("a page's event stream", () => {
  it("outlives a clock that is moved by an hour in one step", async () => {
    const { backend, socket, recorder } = await greeted();
    socket.addEventListener("message", ({ data }) => {
      const frame = JSON.parse(String(data));
      if (frame.type === "ping") socket.send(JSON.stringify({ type: "pong", t: frame.t }));
    });
    for (let hour = 0; hour < 3; hour += 1) {
      backend.clock.advance(3_600_000);
      await turns();
    }
    expect(recorder.closed).toBeNull();
    expect(recorder.messages.filter((text) => text.includes('"ping"'))).toHaveLength(3);
  });

  it("that never pongs is cut with 1006 and no handshake", async () => {
    const { backend, recorder } = await greeted();
    for (let beat = 0; beat < 3; beat += 1) {
      backend.clock.advance(15_000);
      await turns();
    }
    expect(recorder.closed).toEqual({ code: 1006, reason: "", wasClean: false });
  });

  it("leaves no handle of the platform behind after two hundred connections", async () => {
    const { InPage } = createPage();
    const handles = (): number =>
      process.getActiveResourcesInfo().filter((name) => name === "MessagePort").length;
    const before = handles();
    for (let count = 0; count < 200; count += 1) {
      const socket = new InPage(ADDRESS);
      const recorder = new Recorder(socket);
      await recorder.told("open");
      socket.close();
      await recorder.told("close");
    }
    await turns();
    expect(handles()).toBe(before);
  });

  it("gets every event of a burst that is more than a client is held, since a page in a call cannot read", async () => {
    const { backend, recorder } = await greeted(createPage({ limits: { max_agents: 5_000 } }));
    const scope = { kind: "all" } as const;
    for (let count = 0; count < 5_000; count += 1)
      backend.engine.agents.create(scope, { agent_type: "aider" });
    expect(backend.hub.heldBytes).toBeLessThan(1_048_576);
    await recorder.told("message", 5_001);
    const seqs = recorder.messages.slice(1).map((text) => JSON.parse(text).seq);
    expect(seqs).toEqual(Array.from({ length: 5_000 }, (_, index) => index + 1));
  });

  it("is closed with 4413 by a burst that the event log itself does not hold", async () => {
    const { backend, recorder } = await greeted(
      createPage({ limits: { max_agents: 5_000, event_buffer: 1_000 } }),
    );
    const scope = { kind: "all" } as const;
    for (let count = 0; count < 5_000; count += 1)
      backend.engine.agents.create(scope, { agent_type: "aider" });
    await recorder.told("close");
    expect(recorder.closed?.code).toBe(4413);
  });
});
