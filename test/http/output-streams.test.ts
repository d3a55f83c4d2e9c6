import { afterEach, describe, expect, it } from "vitest";
import { OUTPUT_STREAMS_MAX, createOutputStreams } from "../../mock-server/calls/output-streams.js";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";

const open: MockBackend[] = [];
const scope = { kind: "all" } as const;

function running() {
  const backend = createMockBackend({ clock: "manual", seed: 3 });
  open.push(backend);
  const { engine, clock } = backend;
  engine.agents.create(scope, { agent_type: "aider" });
  const { id } = engine.tasks.assign(scope, {
    prompt: "Fix the jump",
    task_type: "general",
    priority: 1,
    timeout: 600,
  });
  const streams = createOutputStreams(engine);
  const follow = (offset = 0, signal?: AbortSignal) => streams.open({ scope, taskId: id, offset, signal });
  return { clock, streams, follow };
}

afterEach(() => {
  for (const backend of open.splice(0)) backend.close();
});

async function textOf(lines: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const piece of lines) text += piece;
  return text;
}

describe("following a task's output", () => {
  it("gives the same to who follows from the start and to who comes when it is over", async () => {
    const { clock, follow } = running();
    const early = textOf(follow());
    clock.advance(3_600_000);
    expect(await early).toBe(await textOf(follow()));
    expect((await early).trimEnd().split("\n").at(-1)).toMatch(/^\{"done":true,"status":"\w+"\}$/);
  });

  it("ends at once when its reader returns while it waits", async () => {
    const { streams, follow } = running();
    const iterator = follow()[Symbol.asyncIterator]();
    await iterator.next();
    const waiting = iterator.next();
    expect(streams.size).toBe(1);
    await iterator.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(streams.size).toBe(0);
  });

  it("ends with its caller's signal, also one that was aborted before", async () => {
    const { streams, follow } = running();
    const controller = new AbortController();
    const iterator = follow(0, controller.signal)[Symbol.asyncIterator]();
    await iterator.next();
    const waiting = iterator.next();
    controller.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await textOf(follow(0, AbortSignal.abort()))).toBe("");
    expect(streams.size).toBe(0);
  });

  it("leaves nothing behind when it is over", async () => {
    const { clock, streams, follow } = running();
    const all = Promise.all(Array.from({ length: 20 }, () => textOf(follow())));
    expect(streams.size).toBe(20);
    clock.advance(3_600_000);
    await all;
    expect(streams.size).toBe(0);
  });

  it("is refused to more at the same time than are stated, until one leaves", async () => {
    const { streams, follow } = running();
    const held = Array.from({ length: OUTPUT_STREAMS_MAX }, () => follow());
    expect(() => follow()).toThrow(expect.objectContaining({ code: "unavailable", retryAfterSeconds: 5 }));
    await held[0]?.[Symbol.asyncIterator]().return?.();
    expect(() => follow()).not.toThrow();
    streams.close();
    expect(streams.size).toBe(0);
  });

  it("of a task that is not there is refused before anything is sent", () => {
    const { streams } = running();
    expect(() => streams.open({ scope, taskId: "none", offset: 0, signal: undefined })).toThrow(
      expect.objectContaining({ code: "task_not_found" }),
    );
    expect(streams.size).toBe(0);
  });
});
