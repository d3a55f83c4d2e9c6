import { describe, expect, it } from "vitest";
import { isCancelledError, isPermissionError } from "../../../src/errors/index.js";
import type { StreamEvent } from "../../../src/client/stream/stream-events.js";
import { eventFrame } from "./support/frames.js";
import { makeLiveStream } from "./support/stream.js";

const seqs = (events: readonly StreamEvent[]) =>
  events.map((event) => (event.type === "gap" ? "gap" : event.seq));

/** Reads `count` events. */
async function read(iterator: AsyncIterator<StreamEvent, undefined>, count: number): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  while (events.length < count) {
    const { value } = await iterator.next();
    if (!value) break;
    events.push(value);
  }
  return events;
}

describe("The iterator of events", () => {
  it("gives what comes from its making on, in order, also to one who reads later", async () => {
    const { server, stream } = await makeLiveStream();
    server.socket.tell(eventFrame(1));
    const iterator = stream.events();
    server.socket.tell(eventFrame(2)).tell(eventFrame(3));
    expect(seqs(await read(iterator, 2))).toEqual([2, 3]);
  });

  it("gives an event at once to one who waits", async () => {
    const { server, stream } = await makeLiveStream();
    const next = stream.events().next();
    server.socket.tell(eventFrame(1));
    await expect(next).resolves.toMatchObject({ value: { seq: 1 } });
  });

  it("gives the named types alone", async () => {
    const { server, stream } = await makeLiveStream();
    const iterator = stream.events({ types: ["agent.removed"] });
    server.socket.tell(eventFrame(1, { type: "agent.danced" })).tell(eventFrame(2));
    expect(seqs(await read(iterator, 1))).toEqual([2]);
  });

  it("ends with the loop that reads it", async () => {
    const { server, stream } = await makeLiveStream();
    const before = stream.stats;
    const iterator = stream.events();
    server.socket.tell(eventFrame(1));
    for await (const event of iterator) {
      expect(event.type).toBe("agent.removed");
      break;
    }
    expect(stream.stats).toEqual(before);
  });

  it("gives what it holds when the stream is closed, then ends", async () => {
    const { server, stream } = await makeLiveStream();
    const iterator = stream.events();
    server.socket.tell(eventFrame(1));
    stream.close();
    const seen: StreamEvent[] = [];
    for await (const event of iterator) seen.push(event);
    expect(seqs(seen)).toEqual([1]);
  });

  it("ends everybody who waits when the stream is closed", async () => {
    const { stream } = await makeLiveStream();
    const iterator = stream.events();
    const waiting = [iterator.next(), iterator.next()];
    stream.close();
    const ends = await Promise.all(waiting);
    expect(ends.every(({ done }) => done)).toBe(true);
  });

  it("throws when the stream stopped for good, after what it holds", async () => {
    const { server, stream } = await makeLiveStream();
    const iterator = stream.events();
    server.socket.tell(eventFrame(1)).end(4403);
    expect(seqs(await read(iterator, 1))).toEqual([1]);
    await expect(iterator.next()).rejects.toSatisfy(isPermissionError);
    await expect(iterator.next()).resolves.toMatchObject({ done: true });
  });

  it("throws when its signal is aborted, and lets go of the stream", async () => {
    const { server, stream } = await makeLiveStream();
    const controller = new AbortController();
    const before = stream.stats;
    const iterator = stream.events({ signal: controller.signal });
    const next = iterator.next();
    controller.abort();
    await expect(next).rejects.toSatisfy(isCancelledError);
    expect(stream.stats).toEqual(before);
    const late = stream.events({ signal: controller.signal });
    server.socket.tell(eventFrame(1));
    await expect(late.next()).rejects.toSatisfy(isCancelledError);
    expect(stream.stats).toEqual(before);
  });
});

describe("An iterator whose reader is too slow", () => {
  it("drops the oldest, says so once, and counts them", async () => {
    const { server, stream, warnings } = await makeLiveStream();
    const iterator = stream.events({ capacity: 3 });
    for (let seq = 1; seq <= 10; seq += 1) server.socket.tell(eventFrame(seq));
    expect(warnings).toHaveLength(1);
    expect(seqs(await read(iterator, 3))).toEqual([8, 9, 10]);
  });

  it("holds 1000 events when it is not told otherwise", async () => {
    const { server, stream } = await makeLiveStream();
    const iterator = stream.events();
    for (let seq = 1; seq <= 1_500; seq += 1) server.socket.tell(eventFrame(seq));
    const seen = await read(iterator, 1_000);
    expect([seen.length, ...seqs(seen.slice(0, 1)), ...seqs(seen.slice(-1))]).toEqual([1_000, 501, 1_500]);
  });

  it("ends with an error when it is told to, after what it holds", async () => {
    const { server, stream } = await makeLiveStream();
    const before = stream.stats;
    const iterator = stream.events({ capacity: 2, overflow: "error" });
    for (let seq = 1; seq <= 4; seq += 1) server.socket.tell(eventFrame(seq));
    expect(stream.stats).toEqual(before);
    expect(seqs(await read(iterator, 2))).toEqual([1, 2]);
    await expect(iterator.next()).rejects.toMatchObject({ code: "events_overflow" });
    await expect(iterator.next()).resolves.toMatchObject({ done: true });
  });

  it("stays in order while it is read and filled by turns", async () => {
    const { server, stream } = await makeLiveStream();
    const iterator = stream.events({ capacity: 500 });
    const seen: StreamEvent[] = [];
    let seq = 0;
    for (let turn = 0; turn < 60; turn += 1) {
      for (let made = 0; made < 20; made += 1) server.socket.tell(eventFrame((seq += 1)));
      seen.push(...(await read(iterator, 15)));
    }
    seen.push(...(await read(iterator, seq - seen.length)));
    expect(seqs(seen)).toEqual(Array.from({ length: seq }, (_, index) => index + 1));
  });
});
