import { describe, expect, it } from "vitest";
import type { Task } from "../../../src/contract/index.js";
import { NotFoundError, isCancelledError, isClosedError } from "../../../src/errors/index.js";
import { Lifetime } from "../../../src/lifetime.js";
import { StreamFeed } from "../../../src/client/stream/stream-feed.js";
import { PollingFeed } from "../../../src/client/stream/polling-feed.js";
import { frameOf, task, TIME, welcome } from "./support/frames.js";
import { makeLiveStream, makeStream } from "./support/stream.js";
import { settle } from "./support/virtual-clock.js";

const result = {
  success: true,
  output: "Done",
  error: null,
  execution_time: 2,
  completed_at: TIME,
  changes: null,
  usage: null,
};
const running = task("task_1", { status: "running", started_at: TIME });
const done = task("task_1", {
  status: "completed",
  progress: 1,
  result,
  completed_at: TIME,
  started_at: TIME,
});

const started = (seq: number) =>
  frameOf(
    {
      type: "task.started",
      data: { task_id: "task_1", agent_id: "agent_1", team_id: null, prompt: "p", task_type: "general" },
    },
    seq,
  );
const progressed = (seq: number, progress: number) =>
  frameOf(
    { type: "task.progress", data: { task_id: "task_1", agent_id: "agent_1", progress, message: "On it" } },
    seq,
  );
const completed = (seq: number) =>
  frameOf(
    { type: "task.completed", data: { task_id: "task_1", agent_id: "agent_1", team_id: null, result } },
    seq,
  );

/** A feed over a stream, a server that has one task, and what one follower of it has seen. */
function follow(made: ReturnType<typeof makeStream>, signal?: AbortSignal) {
  const lifetime = new Lifetime();
  const server = { task: task("task_1"), asked: 0, fails: null as Error | null };
  const get = async () => {
    server.asked += 1;
    await settle();
    if (server.fails !== null) throw server.fails;
    return server.task;
  };
  const { clock, stream } = made;
  const polling = new PollingFeed({ get, clock, lifetime });
  const feed = new StreamFeed({ stream, polling, clock, lifetime });
  const seen: Task[] = [];
  const ended = (async () => {
    for await (const now of feed.follow("task_1", signal)) seen.push(now);
  })();
  const view = () => seen.map(({ status, progress }) => `${status} ${progress}`);
  return { lifetime, backend: server, seen, ended, view };
}

async function followLive() {
  const made = await makeLiveStream();
  const followed = follow(made);
  await made.clock.advance(0);
  await settle();
  return { ...made, ...followed };
}

describe("A task that is followed while the stream is live", () => {
  it("is asked for once at the start and once at the end, and told by events between", async () => {
    const { server, backend, view, ended, clock } = await followLive();
    expect(backend.asked).toBe(1);
    server.socket.tell(started(1));
    await settle();
    server.socket.tell(progressed(2, 0.5));
    await clock.advance(20_000);
    expect(backend.asked).toBe(1);
    backend.task = done;
    server.socket.tell(completed(3));
    await ended;
    expect(view()).toEqual(["assigned 0", "running 0", "running 0.5", "completed 1"]);
    expect(backend.asked).toBe(2);
  });

  it("ends with the same task that asking gives", async () => {
    const { server, backend, seen, ended } = await followLive();
    backend.task = done;
    server.socket.tell(completed(1));
    await ended;
    expect(seen.at(-1)).toEqual(done);
  });

  it("gives the latest alone where changes come faster than they are read", async () => {
    const { server, backend, view, ended } = await followLive();
    server.socket.tell(started(1)).tell(progressed(2, 0.2)).tell(progressed(3, 0.4));
    await settle();
    backend.task = done;
    server.socket.tell(completed(4));
    await ended;
    expect(view()).toEqual(["assigned 0", "running 0.4", "completed 1"]);
  });

  it("is never taken back by events that are older than what was asked for", async () => {
    const made = await makeLiveStream();
    const { backend, view, ended } = follow(made);
    made.server.socket.tell(started(1)).tell(progressed(2, 0.3));
    backend.task = { ...running, progress: 0.6, message: "Far" };
    await settle();
    await settle();
    backend.task = done;
    made.server.socket.tell(completed(3));
    await ended;
    expect(view()).toEqual(["running 0.6", "completed 1"]);
  });

  it("that is over already is told at once", async () => {
    const made = await makeLiveStream();
    const followed = follow(made);
    followed.backend.task = done;
    await followed.ended;
    expect(followed.view()).toEqual(["completed 1"]);
    expect(made.stream.stats.listeners).toBe(2);
  });

  it("is asked for again after a while without any event", async () => {
    const { server, backend, view, ended, clock } = await followLive();
    backend.task = done;
    for (let beat = 0; beat < 2; beat += 1) {
      await clock.advance(14_000);
      server.socket.tell({ type: "ping", t: beat });
    }
    expect(backend.asked).toBe(1);
    await clock.advance(2_000);
    await ended;
    expect(view()).toEqual(["assigned 0", "completed 1"]);
  });

  it("ends for one who stops to follow, and leaves nothing", async () => {
    const made = await makeLiveStream();
    const controller = new AbortController();
    const { ended } = follow(made, controller.signal);
    const failed = ended.catch((error: unknown) => error);
    await settle();
    await settle();
    controller.abort();
    expect(isCancelledError(await failed)).toBe(true);
    expect(made.stream.stats.listeners).toBe(2);
    expect(made.clock.pending).toBe(1);
  });

  it("ends with the client", async () => {
    const { lifetime, stream, ended, clock } = await followLive();
    const failed = ended.catch((error: unknown) => error);
    lifetime.end();
    stream.close();
    expect(isClosedError(await failed)).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it("that nobody knows rejects with what asking gives", async () => {
    const made = await makeLiveStream();
    const { backend, ended } = follow(made);
    const missing = new NotFoundError("No task.", {
      code: "task_not_found",
      outcome: "rejected",
      remediation: "",
    });
    backend.fails = missing;
    await expect(ended).rejects.toBe(missing);
  });
});

describe("A task that is followed while the stream is not live", () => {
  it("is asked for again and again, with the same answers", async () => {
    const made = makeStream();
    const { backend, view, ended, clock } = { ...made, ...follow(made) };
    await clock.advance(1_000);
    backend.task = running;
    await clock.advance(5_000);
    backend.task = done;
    await clock.advance(5_000);
    await ended;
    expect(view()).toEqual(["assigned 0", "running 0", "completed 1"]);
  });

  it("goes over to asking when the stream is lost, and back when it is live again", async () => {
    const { server, backend, view, ended, clock } = await followLive();
    server.onconnect = (socket) => queueMicrotask(() => socket.end(1006));
    server.socket.end(1006);
    await clock.advance(3_000);
    expect(backend.asked).toBeGreaterThan(2);
    backend.task = { ...running, progress: 0.5 };
    await clock.advance(5_000);
    server.onconnect = (socket) =>
      queueMicrotask(() => socket.accept().tell(welcome({ seq: 0, recovered: true })));
    await clock.advance(15_000);
    const { asked } = backend;
    server.socket.tell(progressed(1, 0.8));
    await clock.advance(10_000);
    expect(backend.asked).toBe(asked);
    backend.task = done;
    server.socket.tell(completed(2));
    await ended;
    expect(view()).toEqual(["assigned 0", "running 0.5", "running 0.8", "completed 1"]);
  });
});

describe("A task that the stream does not cover", () => {
  it("of another game is asked for", async () => {
    const made = await makeLiveStream();
    const { backend, view, ended } = follow(made);
    backend.task = task("task_1", { game_id: "game_2" });
    await made.clock.advance(5_000);
    backend.task = { ...done, game_id: "game_2" };
    await made.clock.advance(5_000);
    await ended;
    expect(view()).toEqual(["assigned 0", "completed 1"]);
  });

  it("since only some types are followed is asked for", async () => {
    const made = makeStream();
    made.stream.open({ game_id: "game_1", types: ["agent.*"] });
    await settle();
    made.server.socket.accept().tell(welcome());
    const { backend, ended, view } = follow(made);
    await made.clock.advance(5_000);
    backend.task = done;
    await made.clock.advance(5_000);
    await ended;
    expect(view()).toEqual(["assigned 0", "completed 1"]);
  });
});
