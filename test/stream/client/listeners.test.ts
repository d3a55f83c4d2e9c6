import { describe, expect, expectTypeOf, it } from "vitest";
import type { EventData } from "../../../src/contract/index.js";
import { isConfigError } from "../../../src/errors/index.js";
import { LISTENERS_MAX } from "../../../src/client/stream/listeners.js";
import type {
  ConnectionChange,
  ConnectionState,
  GapEvent,
  StreamEvent,
} from "../../../src/client/stream/stream-events.js";
import { isUnknownEvent } from "../../../src/client/stream/unknown-event.js";
import { eventFrame } from "./support/frames.js";
import { makeLiveStream, makeStream } from "./support/stream.js";

describe("Listening", () => {
  it("gives the events of that name alone", async () => {
    const { server, stream } = await makeLiveStream();
    const seen: string[] = [];
    stream.on("agent.removed", (event) => seen.push(event.data.agent_id));
    stream.on("agent.created", () => seen.push("never"));
    server.socket.tell(eventFrame(1)).tell(eventFrame(2));
    expect(seen).toEqual(["agent_1", "agent_2"]);
  });

  it("ends when what `on` returned is called, and only that listening", async () => {
    const { server, stream } = await makeLiveStream();
    let first = 0;
    let second = 0;
    const undo = stream.on("*", () => (first += 1));
    stream.on("*", () => (second += 1));
    undo();
    undo();
    server.socket.tell(eventFrame(1));
    expect([first, second]).toEqual([0, 1]);
  });

  it("ends when its signal is aborted, and leaves nothing on the signal when it ends before", async () => {
    const { server, stream } = await makeLiveStream();
    const controller = new AbortController();
    let calls = 0;
    const before = stream.stats.listeners;
    stream.on("*", () => (calls += 1), { signal: controller.signal });
    controller.abort();
    stream.on("*", () => (calls += 1), { signal: controller.signal });
    server.socket.tell(eventFrame(1));
    expect(calls).toBe(0);
    expect(stream.stats.listeners).toBe(before);
  });

  it("happens once with `once`, and ends with `off`", async () => {
    const { server, stream } = await makeLiveStream();
    let once = 0;
    let off = 0;
    const listener = () => (off += 1);
    stream.once("*", () => (once += 1));
    stream.on("*", listener);
    stream.on("*", listener);
    server.socket.tell(eventFrame(1));
    stream.off("*", listener);
    server.socket.tell(eventFrame(2));
    expect([once, off]).toEqual([1, 2]);
  });

  it("to an event of unknown type works through `*`", async () => {
    const { server, stream } = await makeLiveStream();
    const seen: unknown[] = [];
    stream.on("*", (event) => {
      if (isUnknownEvent(event)) seen.push([event.type.toString(), event.data]);
    });
    server.socket.tell(eventFrame(1, { type: "agent.danced", data: { to: "jazz" } })).tell(eventFrame(2));
    expect(seen).toEqual([["agent.danced", { to: "jazz" }]]);
  });

  it("is refused past a bound, with an error that says why", () => {
    const { stream } = makeStream();
    for (let index = stream.stats.listeners; index < LISTENERS_MAX; index += 1)
      stream.on("*", () => undefined);
    expect(() => stream.on("*", () => undefined)).toThrow(expect.toSatisfy(isConfigError));
  });
});

describe("A listener that throws", () => {
  it("is reported, and hurts itself alone", async () => {
    const { server, stream, told, errors } = await makeLiveStream();
    let after = 0;
    stream.on("agent.removed", () => {
      throw new Error("Oh no");
    });
    stream.on("agent.removed", () => (after += 1));
    server.socket.tell(eventFrame(1)).tell(eventFrame(2));
    expect(after).toBe(2);
    expect(told).toHaveLength(2);
    expect(errors.map(({ code, message }) => [code, message])).toEqual([
      ["listener_failed", "A listener of 'agent.removed' threw: Oh no"],
      ["listener_failed", "A listener of 'agent.removed' threw: Oh no"],
    ]);
    expect(stream.state.status).toBe("live");
  });

  it("on `error` is told to the logger, once each, and not to itself again", async () => {
    const { server, stream, warnings } = await makeLiveStream();
    stream.on("error", () => {
      throw new Error("Worse");
    });
    server.socket.tellRaw("garbage");
    expect(warnings).toHaveLength(2);
    expect(warnings[1]).toContain("Worse");
  });

  it("on `connection` does not keep the stream from coming back", async () => {
    const { server, stream, clock } = await makeLiveStream();
    stream.on("connection", () => {
      throw new Error("Oh no");
    });
    server.socket.end(1006);
    await clock.advance(1_000);
    expect(server.sockets).toHaveLength(2);
  });

  it("as a logger stops nothing", async () => {
    const { server, told } = await makeLiveStream({
      logger: {
        warn: () => {
          throw new Error("Disk full");
        },
      },
    });
    server.socket.tellRaw("garbage").tell(eventFrame(1));
    expect(told).toHaveLength(1);
  });
});

describe("A listener that changes the listeners while it is called", () => {
  it("may remove itself", async () => {
    const { server, stream } = await makeLiveStream();
    const seen: string[] = [];
    const undo = stream.on("*", () => {
      seen.push("first");
      undo();
    });
    stream.on("*", () => seen.push("second"));
    server.socket.tell(eventFrame(1)).tell(eventFrame(2));
    expect(seen).toEqual(["first", "second", "second"]);
  });

  it("may remove the next one, which is not called any more", async () => {
    const { server, stream } = await makeLiveStream();
    const seen: string[] = [];
    stream.on("*", () => undo());
    const undo = stream.on("*", () => seen.push("removed"));
    server.socket.tell(eventFrame(1));
    expect(seen).toEqual([]);
  });

  it("may add one, which is called from the next event on", async () => {
    const { server, stream } = await makeLiveStream();
    const seen: number[] = [];
    stream.once("*", () => {
      stream.on("agent.removed", (event) => seen.push(event.seq));
    });
    server.socket.tell(eventFrame(1)).tell(eventFrame(2));
    expect(seen).toEqual([2]);
  });

  it("hears what it causes after everybody has heard the cause", async () => {
    const { server, stream } = await makeLiveStream();
    const seen: string[] = [];
    stream.on("connection", ({ current }) => {
      if (current.status === "waiting") stream.open();
    });
    stream.on("connection", ({ current }) => seen.push(current.status));
    server.socket.end(1006);
    expect(seen).toEqual(["waiting", "connecting"]);
  });
});

describe("The types", () => {
  it("give a payload by its name", () => {
    const { stream } = makeStream();
    stream.on("task.progress", (event) => {
      expectTypeOf(event.type).toEqualTypeOf<"task.progress">();
      expectTypeOf(event.data).toEqualTypeOf<EventData["task.progress"]>();
    });
    stream.on("connection", (change) => expectTypeOf(change).toEqualTypeOf<ConnectionChange>());
    stream.on("gap", (gap) => expectTypeOf(gap).toEqualTypeOf<GapEvent>());
    // @ts-expect-error -- a name that is nothing's is refused.
    stream.on("task.strated", () => undefined);
    expect(stream.stats.listeners).toBeGreaterThan(0);
  });

  it("tell an event apart by its type, unknown ones left over", () => {
    const dataOf = (event: StreamEvent): unknown => {
      switch (event.type) {
        case "gap":
          expectTypeOf(event).toEqualTypeOf<GapEvent>();
          return event.reason;
        case "task.started":
          expectTypeOf(event.data.prompt).toEqualTypeOf<string>();
          return event.data;
        default:
          return event.data;
      }
    };
    expect(dataOf).toBeTypeOf("function");
  });

  it("give an iterator of some names their payloads", () => {
    const { stream } = makeStream();
    const typeOfNext = async () => {
      for await (const event of stream.events({ types: ["agent.moved", "gap"] })) return event.type;
      return null;
    };
    expectTypeOf(typeOfNext).returns.resolves.toEqualTypeOf<"agent.moved" | "gap" | null>();
    void typeOfNext();
    expect(stream.stats.iterators).toBe(1);
  });

  it("give each state what belongs to it", () => {
    const retryAt = (state: ConnectionState) => (state.status === "waiting" ? state.retryAt : null);
    expectTypeOf(retryAt).returns.toEqualTypeOf<number | null>();
    // @ts-expect-error -- only a waiting stream has a next try.
    const wrong = (state: ConnectionState) => state.retryAt;
    expect([retryAt, wrong]).toHaveLength(2);
  });
});
