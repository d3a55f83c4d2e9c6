import { describe, expect, it } from "vitest";
import { FRAMES_PER_SECOND_MAX } from "../../../src/contract/index.js";
import { isCancelledError, isClosedError } from "../../../src/errors/index.js";
import {
  COMMAND_TIMEOUT_MS,
  COMMANDS_IN_FLIGHT_MAX,
  POSITIONS_IN_FLIGHT_MAX,
} from "../../../src/client/stream/commands.js";
import { isStreamUnavailable } from "../../../src/client/stream/stream-errors.js";
import type { EventStream } from "../../../src/client/stream/event-stream.js";
import { makeLiveStream, makeStream } from "./support/stream.js";

const cancel = async (stream: EventStream, id = "command_1", signal?: AbortSignal) =>
  stream.command("tasks.cancel", { task_id: "task_1" }, id, signal);

const ignore = (): void => undefined;
const position = { agent_id: "agent_1", position: { x: 1, y: 2, z: 3 } };

describe("A command over the stream", () => {
  it("goes out as one frame, and resolves with the answer's result", async () => {
    const { server, stream } = await makeLiveStream();
    const answer = cancel(stream);
    expect(server.socket.framesOf("command")).toEqual([
      { type: "command", id: "command_1", method: "tasks.cancel", params: { task_id: "task_1" } },
    ]);
    server.socket.tell({ type: "ack", id: "command_1", ok: true, result: { success: true } });
    await expect(answer).resolves.toEqual({ success: true });
    expect(stream.stats).toMatchObject({ commands: 0, timers: 1 });
  });

  it("rejects with the error that the REST call would reject with", async () => {
    const { server, stream } = await makeLiveStream();
    const answer = cancel(stream);
    const error = {
      success: false,
      code: "task_not_cancellable",
      error: "The task is over.",
      detail: null,
      request_id: "request_1",
      remediation: "Read its result.",
    };
    server.socket.tell({ type: "ack", id: "command_1", ok: false, error });
    await expect(answer).rejects.toMatchObject({ code: "task_not_cancellable" });
  });

  it("is answered by its id, in whatever order, and answers to nobody are ignored", async () => {
    const { server, stream, errors } = await makeLiveStream();
    const first = cancel(stream, "command_1");
    const second = cancel(stream, "command_2");
    server.socket.tell({ type: "ack", id: "command_9", ok: true, result: 9 });
    server.socket.tell({ type: "ack", id: "command_2", ok: true, result: 2 });
    server.socket.tell({ type: "ack", id: "command_1", ok: true, result: 1 });
    await expect(Promise.all([first, second])).resolves.toEqual([1, 2]);
    expect(errors).toEqual([]);
  });

  it("that is lost with the connection can be sent again by REST: it may have been done", async () => {
    const { server, stream } = await makeLiveStream();
    const answer = cancel(stream);
    server.socket.end(1006);
    const error: unknown = await answer.catch((thrown: unknown) => thrown);
    expect(isStreamUnavailable(error)).toBe(true);
    expect(error).toMatchObject({ outcome: "unknown" });
  });

  it("while the stream is not live was not sent, and goes by REST", async () => {
    const { stream } = makeStream();
    expect(stream.canSend).toBe(false);
    const error: unknown = await cancel(stream).catch((thrown: unknown) => thrown);
    expect(isStreamUnavailable(error)).toBe(true);
    expect(error).toMatchObject({ outcome: "not_sent" });
  });

  it("that is not answered in time goes by REST", async () => {
    const { server, stream, clock } = await makeLiveStream();
    const answer = cancel(stream).catch((thrown: unknown) => thrown);
    await clock.advance(COMMAND_TIMEOUT_MS);
    expect(isStreamUnavailable(await answer)).toBe(true);
    server.socket.tell({ type: "ack", id: "command_1", ok: true, result: 1 });
    expect(stream.stats.commands).toBe(0);
  });

  it("ends with its signal", async () => {
    const { stream } = await makeLiveStream();
    const controller = new AbortController();
    const answer = cancel(stream, "command_1", controller.signal);
    controller.abort();
    await expect(answer).rejects.toSatisfy(isCancelledError);
    await expect(cancel(stream, "command_2", controller.signal)).rejects.toSatisfy(isCancelledError);
    expect(stream.stats.commands).toBe(0);
  });

  it("ends with the stream", async () => {
    const { stream, clock } = await makeLiveStream();
    const answer = cancel(stream);
    stream.close();
    await expect(answer).rejects.toSatisfy(isClosedError);
    await expect(cancel(stream)).rejects.toSatisfy(isClosedError);
    expect(clock.pending).toBe(0);
  });

  it("is one of a bounded number; the next goes by REST", async () => {
    const { stream, clock } = await makeLiveStream();
    const waiting: Promise<unknown>[] = [];
    for (let sent = 0; sent < COMMANDS_IN_FLIGHT_MAX; sent += 1) {
      if (sent % 50 === 0) await clock.advance(1_000);
      waiting.push(cancel(stream, `command_${sent}`).catch((thrown: unknown) => thrown));
    }
    expect(stream.stats.commands).toBe(COMMANDS_IN_FLIGHT_MAX);
    await expect(cancel(stream, "command_last")).rejects.toSatisfy(isStreamUnavailable);
    stream.close();
    expect((await Promise.all(waiting)).every(isClosedError)).toBe(true);
  });
});

describe("Positions over the stream", () => {
  it("go out as one frame, or as many as the contract's bound asks for", async () => {
    const { server, stream } = await makeLiveStream();
    expect(stream.sendPositions({ updates: [position] }, ignore)).toBe(true);
    expect(stream.sendPositions({ updates: Array.from({ length: 2_500 }, () => position) }, ignore)).toBe(
      true,
    );
    const sizes = server.socket
      .framesOf("positions")
      .map(({ updates }) => (Array.isArray(updates) ? updates.length : 0));
    expect(sizes).toEqual([1, 1_000, 1_000, 500]);
  });

  it("are refused while the stream is not live", async () => {
    const { server, stream } = await makeLiveStream();
    server.socket.end(1006);
    expect(stream.sendPositions({ updates: [position] }, ignore)).toBe(false);
  });

  it("tell what came of each frame: its answer, the error, or that nobody will say", async () => {
    const { server, stream, clock } = await makeLiveStream();
    const told: unknown[] = [];
    const send = () => stream.sendPositions({ updates: [position] }, (outcome) => told.push(outcome));
    server.socket.onframe = null;
    for (let frame = 0; frame < 4; frame += 1) send();
    const ids = server.socket.framesOf("positions").map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
    const result = { outdated: [{ agent_id: "agent_1", position: { x: 1, y: 1, z: 1 } }] };
    server.socket.tell({ type: "ack", id: ids[1], ok: true, result });
    const error = { success: false, error: "no", code: "internal", detail: null };
    server.socket.tell({
      type: "ack",
      id: ids[0],
      ok: false,
      error: { ...error, request_id: "r", remediation: "" },
    });
    server.socket.tell({ type: "ack", id: ids[0], ok: true, result: {} });
    expect(told).toEqual([result, expect.objectContaining({ code: "internal" })]);
    await clock.advance(2 * COMMAND_TIMEOUT_MS);
    expect(told.slice(2)).toEqual([expect.any(Error), expect.any(Error)]);
    send();
    server.socket.end(1006);
    expect(told.slice(4)).toEqual([null]);
  });

  it("are no more than a server that answers slowly has to hold", async () => {
    const { server, stream, clock } = await makeLiveStream();
    server.socket.onframe = null;
    let sent = 0;
    for (let turn = 0; turn < 2 * POSITIONS_IN_FLIGHT_MAX; turn += 1) {
      if (stream.sendPositions({ updates: [position] }, ignore)) sent += 1;
      clock.sleep(15);
    }
    expect(sent).toBe(POSITIONS_IN_FLIGHT_MAX);
    stream.close();
    expect(stream.stats).toMatchObject({ timers: 0, commands: 0 });
  });

  it("are refused while the socket is full", async () => {
    const { server, stream } = await makeLiveStream();
    server.socket.bufferedAmount = 2_000_000;
    expect(stream.sendPositions({ updates: [position] }, ignore)).toBe(false);
  });

  it("of a loop that sends too fast stay under the server's limit over any ten seconds", async () => {
    const { server, stream, clock } = await makeLiveStream();
    server.socket.onframe = ({ id }) => void server.socket.tell({ type: "ack", id, ok: true, result: {} });
    const sentAt: number[] = [];
    for (let frame = 0; frame < 40 * 500; frame += 1) {
      if (stream.sendPositions({ updates: [position] }, ignore)) sentAt.push(clock.now());
      clock.sleep(2);
      if (frame % 5_000 === 0) server.socket.tell({ type: "ping", t: 1 });
    }
    let most = 0;
    let from = 0;
    sentAt.forEach((at, index) => {
      while ((sentAt[from] ?? at) <= at - 10_000) from += 1;
      most = Math.max(most, index - from + 1);
    });
    expect(most).toBeLessThan(10 * FRAMES_PER_SECOND_MAX);
    expect(sentAt.length).toBeGreaterThan(40 * 60);
  });
});
