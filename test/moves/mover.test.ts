import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_DETAILS } from "../../src/moves/position-update.js";
import { REQUEST_FLUSH_MS, STREAM_FLUSH_MS, STREAM_LATE_MS } from "../../src/moves/flush-times.js";
import { MoveNumbers } from "../../src/moves/move-numbers.js";
import { Mover } from "../../src/moves/mover.js";
import { LOOK_MS, SETTLE_MS } from "../../src/moves/waiting-agents.js";
import type { MovesOptions } from "../../src/moves/moves-options.js";
import type { PositionsResult } from "../../src/contract/index.js";
import type { PositionUpdate } from "../../src/index.js";
import { ClosedError, InvalidRequestError, NetworkError, NotFoundError } from "../../src/index.js";
import type { PositionsSettled } from "../../src/client/stream/commands.js";
import type { Viewer } from "../../src/client/stream/viewer.js";
import { VirtualClock } from "../stream/client/support/virtual-clock.js";
import { seededRandom } from "../stream/client/support/random.js";

/** A server that keeps where agents are, as the contract says: what is older than the last is not applied. */
class Places {
  readonly at = new Map<string, { x: number; sequence: number }>();
  readonly scenes = new Map<string, string>();
  updates = 0;
  messages = 0;

  apply(updates: readonly PositionUpdate[]): void {
    this.messages += 1;
    for (const { agent_id, position, scene_id, sequence = 0 } of updates) {
      this.updates += 1;
      if (scene_id !== undefined) this.scenes.set(agent_id, scene_id);
      const known = this.at.get(agent_id);
      if (known === undefined || sequence >= known.sequence)
        this.at.set(agent_id, { x: position.x, sequence });
    }
  }

  x(agentId: string): number | undefined {
    return this.at.get(agentId)?.x;
  }
}

const at = (x: number) => ({ x, y: 0, z: 0 });

function expectNetworkError(error: unknown): void {
  expect(error).toBeInstanceOf(NetworkError);
}

/** What is told of a move whose agent was removed. */
const gone = () =>
  Promise.reject(
    new NotFoundError("gone", { code: "agent_not_found", outcome: "rejected", remediation: "" }),
  );

function rig(options: MovesOptions = {}) {
  const clock = new VirtualClock();
  /** By how much the machine's clock was set back. */
  let setBack = 0;
  const server = new Places();
  const reported: unknown[] = [];
  const looked: (Viewer | null)[] = [];
  const network = {
    live: true,
    sends: true,
    /** What the server says of what comes by the stream; null for nothing yet. */
    answer: (): PositionsResult | Error | null => ({}),
    put: async (_updates: readonly PositionUpdate[]): Promise<PositionsResult> => ({}),
  };
  const unanswered = new Set<PositionsSettled>();
  const mover: Mover = new Mover({
    options,
    clock: {
      now: () => clock.now() - setBack,
      setTimeout: (callback, delayMs) => clock.setTimeout(callback, delayMs),
    },
    random: seededRandom(1),
    isLive: () => network.live,
    numbers: new MoveNumbers(seededRandom(2)),
    look: (viewer) => looked.push(viewer),
    send(updates, settled) {
      if (!network.sends) return false;
      server.apply(updates);
      const answer = network.answer();
      if (answer === null) unanswered.add(settled);
      else queueMicrotask(() => settled(answer));
      return true;
    },
    async put(updates) {
      const result = await network.put(updates);
      server.apply(updates);
      return result;
    },
    errorOf: ({ code, error }) =>
      new NotFoundError(error, { code, outcome: "rejected", remediation: "List them." }),
    stopped: (outcome) => new ClosedError("closed", { code: "closed", outcome, remediation: "None." }),
    report: (error) => reported.push(error),
  });
  const move = (agentId: string, x: number) => mover.move(agentId, at(x), NO_DETAILS);
  /** The stream's connection is lost, and with it every answer that has not come. */
  const lose = (): void => {
    for (const settled of [...unanswered]) {
      unanswered.delete(settled);
      settled(null);
    }
  };
  const turnBack = (ms: number): void => {
    setBack += ms;
  };
  return { clock, server, reported, looked, network, mover, move, lose, turnBack };
}

describe("moves that nobody waits for", () => {
  it("go out at once when there were none before", async () => {
    const { clock, server, move } = rig();
    void move("agent_1", 1);
    await clock.advance(0);
    expect(server.x("agent_1")).toBe(1);
  });

  it("of one agent are one, the newest, as often as the rate says", async () => {
    const { clock, server, move, mover } = rig({ perSecond: 10 });
    for (let frame = 0; frame < 60; frame += 1) {
      void move("agent_1", frame);
      await clock.advance(1_000 / 60);
    }
    expect(server.updates).toBeGreaterThan(8);
    expect(server.updates).toBeLessThanOrEqual(12);
    await clock.advance(SETTLE_MS + 200);
    expect(server.x("agent_1")).toBe(59);
    const { calls, sent, merged, waiting } = mover.summary;
    expect([calls, sent + merged, waiting]).toEqual([60, 60, 0]);
  });

  it("of many agents share a message", async () => {
    const { clock, server, move } = rig();
    for (let agent = 0; agent < 200; agent += 1) void move(`agent_${agent}`, agent);
    await clock.advance(0);
    expect([server.messages, server.updates]).toEqual([1, 200]);
  });

  it("go out with the frame that moves them, before any timer", async () => {
    const { clock, server, move } = rig();
    void move("agent_1", 1);
    await clock.advance(0);
    await clock.advance(STREAM_FLUSH_MS);
    void move("agent_2", 2);
    for (let microtask = 0; microtask < 3; microtask += 1) await Promise.resolve();
    expect(server.x("agent_2")).toBe(2);
  });

  it("of agents that move in every frame go out at their pace, two frames late at the most", async () => {
    const { clock, server, move } = rig({ perSecond: 10 });
    const frameMs = 1_000 / 60;
    const told = new Map<string, number>();
    let longest = 0;
    for (let frame = 0; frame < 600; frame += 1) {
      for (let agent = 0; agent < 8; agent += 1) void move(`agent_${agent}`, frame);
      await clock.advance(frameMs);
      for (const [agent, { x }] of server.at) {
        const before = told.get(agent) ?? x;
        if (x !== before) longest = Math.max(longest, (x - before) * frameMs);
        told.set(agent, x);
      }
    }
    expect(longest).toBeLessThanOrEqual(100 + 2 * frameMs);
    expect(server.updates).toBeGreaterThan(8 * 90);
  });

  it("are levelled: no frame carries far more than the others do", async () => {
    const { clock, server, move } = rig({ perSecond: 10, perFlush: 1_000 });
    const perFrame: number[] = [];
    for (let frame = 0; frame < 600; frame += 1) {
      const before = server.updates;
      for (let agent = 0; agent < 300; agent += 1) void move(`agent_${agent}`, frame);
      await clock.advance(1_000 / 60);
      perFrame.push(server.updates - before);
    }
    const settled = perFrame.slice(300);
    const mean = settled.reduce((sum, count) => sum + count, 0) / settled.length;
    expect(mean).toBeGreaterThan(45);
    expect(Math.max(...settled)).toBeLessThan(mean * 1.5);
  });

  it("are spread, so that what began together does not stay together", async () => {
    const { clock, server, move } = rig({ perSecond: 1, perFlush: 1_000 });
    const perFlush: number[] = [];
    for (let frame = 0; frame < 300; frame += 1) {
      const before = server.updates;
      for (let agent = 0; agent < 100; agent += 1) void move(`agent_${agent}`, frame);
      await clock.advance(1_000 / 60);
      perFlush.push(server.updates - before);
    }
    expect(Math.max(...perFlush.slice(130))).toBeLessThan(20);
  });

  it("stay spread in a game whose frames come as they come, and keep their rate", async () => {
    const { clock, server, move } = rig({ perSecond: 10 });
    const chance = seededRandom(2);
    const perFrame: number[] = [];
    for (let frame = 0; frame < 600; frame += 1) {
      const before = server.updates;
      for (let agent = 0; agent < 100; agent += 1) void move(`agent_${agent}`, frame);
      await clock.advance(15 + 5 * chance());
      perFrame.push(server.updates - before);
    }
    expect(Math.max(...perFrame.slice(300))).toBeLessThan(60);
    const seconds = (600 * 17.5) / 1_000;
    expect(server.updates / seconds / 100).toBeGreaterThan(9);
    expect(server.updates / seconds / 100).toBeLessThan(11);
  });

  it("never make one message larger than is said, and leave nobody out", async () => {
    const { clock, server, move } = rig({ perFlush: 50 });
    for (let agent = 0; agent < 120; agent += 1) void move(`agent_${agent}`, agent);
    await clock.advance(0);
    expect(server.updates).toBe(50);
    await clock.advance(3 * STREAM_LATE_MS);
    expect(server.at.size).toBe(120);
  });

  it("that go nowhere are not sent", async () => {
    const { clock, server, move, mover } = rig();
    void move("agent_1", 1);
    await clock.advance(100);
    for (let frame = 0; frame < 100; frame += 1) void move("agent_1", 1);
    await clock.advance(10_000);
    expect(server.updates).toBe(1);
    expect(mover.summary.skipped).toBe(100);
    expect(clock.pending).toBe(0);
  });

  it("smaller than the threshold wait until the agent stands still, and then are exact", async () => {
    const { clock, server, move } = rig({ threshold: 1 });
    void move("agent_1", 0);
    await clock.advance(100);
    for (let step = 1; step <= 9; step += 1) {
      void move("agent_1", step / 10);
      await clock.advance(100);
    }
    expect(server.x("agent_1")).toBe(0);
    await clock.advance(SETTLE_MS + LOOK_MS + STREAM_FLUSH_MS);
    expect(server.x("agent_1")).toBe(0.9);
  });

  it("go by requests where there is no stream, one at a time and seldom", async () => {
    const { clock, server, network, move } = rig();
    network.live = false;
    let open = 0;
    let most = 0;
    network.put = async () => {
      most = Math.max(most, (open += 1));
      await new Promise<void>((resolve) => clock.setTimeout(resolve, 2_000));
      open -= 1;
      return {};
    };
    for (let frame = 0; frame < 600; frame += 1) {
      void move("agent_1", frame);
      await clock.advance(1_000 / 60);
    }
    await clock.advance(10_000);
    expect(most).toBe(1);
    expect(server.x("agent_1")).toBe(599);
    expect(server.messages).toBeLessThanOrEqual(10_000 / REQUEST_FLUSH_MS);
  });

  it("that a request lost are sent again, the newest of them", async () => {
    const { clock, server, network, move, reported } = rig();
    network.live = false;
    let tries = 0;
    network.put = async () => {
      if ((tries += 1) > 2) return {};
      throw new NetworkError("no", { code: "unreachable", outcome: "unknown", remediation: "Try again." });
    };
    void move("agent_1", 1);
    void move("agent_2", 1);
    await clock.advance(0);
    void move("agent_1", 2);
    await clock.advance(60_000);
    expect([server.x("agent_1"), server.x("agent_2")]).toEqual([2, 1]);
    expect(reported).toHaveLength(2);
  });

  it("that may have been lost with the stream are sent again", async () => {
    const { clock, server, network, move, lose } = rig();
    network.answer = () => null;
    void move("agent_1", 1);
    await clock.advance(100);
    server.at.clear();
    lose();
    await clock.advance(1_000);
    expect(server.x("agent_1")).toBe(1);
  });

  it("wait while the stream takes none", async () => {
    const { clock, server, network, move } = rig();
    network.sends = false;
    void move("agent_1", 1);
    await clock.advance(1_000);
    network.sends = true;
    await clock.advance(100);
    expect(server.x("agent_1")).toBe(1);
  });

  it.each([
    ["a position that is none", { x: NaN, y: 0, z: 0 }],
    ["an infinite position", { x: Infinity, y: 0, z: 0 }],
    ["a position outside the world", { x: 1e9, y: 0, z: 0 }],
  ])("with %s are told as a typed error, and keep nothing else from going out", async (_what, position) => {
    const { clock, server, mover, move, reported } = rig();
    void move("agent_1", 1);
    void mover.move("agent_1", position, NO_DETAILS);
    void mover.move("agent_new", position, NO_DETAILS);
    void move("agent_2", 2);
    await clock.advance(100);
    expect(reported).toMatchObject([
      { name: "InvalidRequestError", outcome: "not_sent" },
      { name: "InvalidRequestError", outcome: "not_sent" },
    ]);
    expect([server.x("agent_1"), server.x("agent_2"), server.x("agent_new")]).toEqual([1, 2, undefined]);
    expect(mover.summary.failed).toBe(2);
  });

  it("of an agent that is not there are told as a typed error, and the others count", async () => {
    const { clock, network, mover, move, reported } = rig();
    network.live = false;
    network.put = async () => ({
      failed: [{ agent_id: "agent_1", code: "agent_not_found", error: "No agent has the id 'agent_1'." }],
    });
    void move("agent_1", 1);
    void move("agent_2", 1);
    await clock.advance(100);
    expect(reported).toMatchObject([{ code: "agent_not_found" }]);
    expect(mover.summary).toMatchObject({ sent: 1, failed: 1 });
  });

  it("of an agent that was removed are let go", async () => {
    const { clock, server, mover, move } = rig();
    void move("agent_1", 1);
    mover.forget("agent_1", gone);
    await clock.advance(1_000);
    expect(server.updates).toBe(0);
    expect(mover.summary.held).toBe(0);
  });

  it("can be sent before their time", async () => {
    const { clock, server, mover, move } = rig({ perSecond: 0.1 });
    void move("agent_1", 1);
    await clock.advance(100);
    void move("agent_1", 2);
    await clock.advance(100);
    expect(server.x("agent_1")).toBe(1);
    await mover.flush();
    expect(server.x("agent_1")).toBe(2);
  });

  it("are remembered for ten thousand agents and no more; what goes nowhere for that fails", async () => {
    const { mover, move } = rig();
    const first = move("agent_first", 0);
    for (let agent = 0; agent < 20_000; agent += 1) void move(`agent_${agent}`, 0);
    await expect(first).rejects.toMatchObject({ code: "too_many_agents" });
    expect(mover.summary.held).toBe(10_000);
  });

  it("leave no timer behind when it ends", () => {
    const { clock, mover, move } = rig();
    void move("agent_1", 1);
    mover.close();
    expect(clock.pending).toBe(0);
  });
});

describe("a move that is awaited", () => {
  it("is an ordinary promise, the same one until its message goes out", async () => {
    const { clock, move } = rig();
    const [first, second] = [move("agent_1", 1), move("agent_1", 2)];
    expect([first instanceof Promise, second]).toEqual([true, first]);
    await clock.advance(0);
    expect(await first).toEqual({ success: true, agent_id: "agent_1", position: at(2), applied: true });
    expect(move("agent_1", 2)).toBe(first);
    expect(move("agent_1", 3)).not.toBe(first);
  });

  it("that leads back to where the agent was told to be has the answer of the move that told so", async () => {
    const { clock, server, move } = rig({ perSecond: 1 });
    const told = move("agent_1", 1);
    await clock.advance(0);
    void move("agent_1", 2);
    const back = move("agent_1", 1);
    await clock.advance(5_000);
    expect(await back).toEqual(await told);
    expect(server.updates).toBe(1);
  });

  it("is answered by the next message where its own was lost with the stream", async () => {
    const { clock, network, move, lose } = rig();
    network.answer = () => null;
    const lost = move("agent_1", 1);
    await clock.advance(0);
    network.answer = () => ({});
    lose();
    await clock.advance(1_000);
    expect(await lost).toMatchObject({ position: at(1), applied: true });
  });

  it("that was outdated says so, with where the agent is, and that is told once", async () => {
    const { clock, network, mover, move, reported } = rig();
    network.answer = () => ({ outdated: [{ agent_id: "agent_1", position: at(9) }] });
    const [outdated, other] = [move("agent_1", 1), move("agent_2", 2)];
    await clock.advance(0);
    expect(await outdated).toEqual({
      success: true,
      agent_id: "agent_1",
      position: at(9),
      applied: false,
    });
    expect(await other).toMatchObject({ applied: true });
    void move("agent_1", 3);
    await clock.advance(1_000);
    expect(reported).toMatchObject([{ code: "outdated" }]);
    expect(mover.summary).toMatchObject({ sent: 1, failed: 2 });
  });

  it("of an agent that is not there fails, told once however often the game moves it", async () => {
    const { clock, network, move, reported } = rig();
    const failed = [{ agent_id: "agent_none", code: "agent_not_found", error: "There is none." }];
    network.answer = () => ({ failed });
    for (let frame = 0; frame < 60; frame += 1) {
      const moved = move("agent_none", frame);
      await clock.advance(1_000 / 60);
      if (frame === 0) await expect(moved).rejects.toMatchObject({ code: "agent_not_found" });
    }
    expect(reported).toMatchObject([{ code: "agent_not_found" }]);
  });

  it("fails with the request that carried it, while its place is sent again", async () => {
    const { clock, server, network, move } = rig();
    const error = new NetworkError("no", { code: "unreachable", outcome: "unknown", remediation: "" });
    network.live = false;
    network.put = () => Promise.reject(error);
    const first = move("agent_1", 1);
    await clock.advance(0);
    await expect(first).rejects.toBe(error);
    network.put = async () => ({});
    await clock.advance(10_000);
    expect(server.x("agent_1")).toBe(1);
  });

  it("fails where the server refuses the message, and is sent again after a while", async () => {
    const { clock, server, network, move } = rig();
    const error = new NotFoundError("no", { code: "internal", outcome: "rejected", remediation: "" });
    network.answer = () => error;
    const first = move("agent_1", 1);
    await clock.advance(0);
    await expect(first).rejects.toBe(error);
    await clock.advance(60_000);
    const tries = server.messages;
    network.answer = () => ({});
    await clock.advance(60_000);
    expect([tries < 20, server.messages - tries]).toEqual([true, 1]);
  });

  it("fails when its agent is removed, or the client closed, before it went out or was answered", async () => {
    const { clock, network, mover, move, lose } = rig();
    network.answer = () => null;
    const flying = move("agent_1", 1);
    await clock.advance(0);
    const removed = move("agent_1", 2);
    mover.forget("agent_1", gone);
    await expect(removed).rejects.toMatchObject({ code: "agent_not_found" });
    network.sends = false;
    const waiting = move("agent_2", 1);
    mover.close();
    lose();
    for (const move of [flying, waiting, mover.move("agent_3", at(1), NO_DETAILS)])
      await expect(move).rejects.toMatchObject({ code: "closed" });
  });

  it("that nobody looks at fails without a word of the runtime's", async () => {
    const unhandled: unknown[] = [];
    const hear = (error: unknown) => unhandled.push(error);
    process.on("unhandledRejection", hear);
    const { clock, network, mover, move } = rig();
    network.answer = () => ({ failed: [{ agent_id: "agent_1", code: "agent_not_found", error: "no" }] });
    void move("agent_1", 1);
    void mover.move("agent_2", at(NaN), NO_DETAILS);
    await clock.advance(0);
    network.answer = () => new Error("no");
    void move("agent_3", 1);
    await clock.advance(100);
    mover.close();
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", hear);
    expect(unhandled).toEqual([]);
  });
});

describe("moves of a player whose clock is set back by an hour", () => {
  it("go out at their pace all the same", async () => {
    const { clock, server, move, turnBack } = rig();
    for (let frame = 0; frame < 120; frame += 1) {
      if (frame === 60) turnBack(3_600_000);
      void move("agent_1", frame);
      await clock.advance(1_000 / 60);
    }
    await clock.advance(1_000);
    expect(server.x("agent_1")).toBe(119);
    expect(server.updates).toBeGreaterThan(15);
  });
});

describe("moves seen by a viewer", () => {
  const bands = [
    { within: 10, every_ms: 100 },
    { within: 100, every_ms: 1_000 },
  ];
  const viewer = { position: { x: 0, y: 0, z: 0 }, bands };

  it("go out often when near, seldom when far, and beyond all bands once the agent stands still", async () => {
    const { clock, mover, move, server } = rig();
    mover.setViewer(viewer);
    const counts: Record<string, number> = { near: 0, far: 0, beyond: 0 };
    const apply = server.apply.bind(server);
    server.apply = (updates) => {
      for (const { agent_id } of updates) counts[agent_id] = (counts[agent_id] ?? 0) + 1;
      apply(updates);
    };
    for (let frame = 0; frame < 600; frame += 1) {
      const step = frame / 100;
      void move("near", 1 + step);
      void move("far", 50 + step);
      void move("beyond", 500 + step);
      await clock.advance(1_000 / 60);
    }
    await clock.advance(2_000);
    expect(counts["near"]).toBeGreaterThan(60);
    expect(counts["far"]).toBeLessThanOrEqual(13);
    expect(counts["beyond"]).toBe(1);
    expect(server.x("beyond")).toBeCloseTo(505.99);
  });

  it.each<[string, Viewer]>([
    ["a place that is none", { position: { x: NaN, y: 0, z: 0 } }],
    ["bands that are none", { position: { x: 0, y: 0, z: 0 }, bands: [] }],
  ])("keep to the last viewer when one comes with %s, which is told", (_, wrong) => {
    const { mover, looked, reported } = rig();
    mover.setViewer(viewer);
    mover.setViewer(wrong);
    expect(looked).toEqual([viewer]);
    expect(reported).toEqual([expect.any(InvalidRequestError)]);
  });

  it("go out at once for those that a viewer who teleports stands before", async () => {
    const { clock, mover, move, server } = rig();
    mover.setViewer(viewer);
    void move("agent_1", 500);
    await clock.advance(SETTLE_MS + 100);
    void move("agent_1", 501);
    await clock.advance(100);
    expect(server.x("agent_1")).toBe(500);
    mover.setViewer({ ...viewer, position: { x: 501, y: 0, z: 0 } });
    await clock.advance(100);
    expect(server.x("agent_1")).toBe(501);
  });
});

describe("moves to another scene", () => {
  it("are told of when the next move names none and comes before they went out", async () => {
    const { clock, mover, move, server } = rig();
    void move("agent_1", 0);
    await clock.advance(0);
    void mover.move("agent_1", at(1), { scene_id: "attic" });
    void move("agent_1", 2);
    await clock.advance(1_000);
    expect([server.scenes.get("agent_1"), server.x("agent_1")]).toEqual(["attic", 2]);
  });

  it("are told of when the agent stays at its place", async () => {
    const { clock, mover, move, server } = rig();
    void move("agent_1", 1);
    await clock.advance(1_000);
    void mover.move("agent_1", at(1), { scene_id: "attic" });
    await clock.advance(1_000);
    expect(server.scenes.get("agent_1")).toBe("attic");
  });

  it("are told of again when the stream was lost, though moves in that scene came after", async () => {
    const { clock, mover, move, server, network, lose } = rig();
    network.answer = () => null;
    void mover.move("agent_1", at(1), { scene_id: "attic" });
    await clock.advance(1_000);
    void move("agent_1", 2);
    await clock.advance(1_000);
    server.scenes.clear();
    lose();
    await clock.advance(1_000);
    expect(server.scenes.get("agent_1")).toBe("attic");
  });
});

describe("agents that are forgotten", () => {
  it("leave their place to others without being mistaken for them", async () => {
    const { clock, mover, move, server } = rig();
    void move("agent_1", 1);
    mover.forget("agent_1", gone);
    void move("agent_2", 2);
    await clock.advance(1_000);
    expect([server.x("agent_1"), server.x("agent_2")]).toEqual([undefined, 2]);
    expect(mover.summary).toMatchObject({ waiting: 0, held: 1 });
  });
});

describe("whatever the network does", () => {
  it("the server's final positions are the game's", async () => {
    const step = fc.record({
      agent: fc.integer({ min: 0, max: 5 }),
      x: fc.double({ min: -100, max: 100, noNaN: true }),
      waitMs: fc.integer({ min: 0, max: 300 }),
      network: fc.constantFrom("live", "full", "silent", "requests", "refusing", "lost"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { clock, server, network, move, lose } = rig({ threshold: 1 });
        const game = new Map<string, number>();
        const answers: Promise<unknown>[] = [];
        const positions: number[][] = [];
        network.put = async () => {
          if (network.sends) return {};
          throw new NetworkError("no", {
            code: "unreachable",
            outcome: "unknown",
            remediation: "Try again.",
          });
        };
        for (const { agent, x, waitMs, network: now } of steps) {
          network.live = now === "live" || now === "full" || now === "silent";
          network.sends = now === "live" || now === "silent" || now === "requests";
          network.answer = () => (now === "silent" ? null : {});
          if (now === "lost") lose();
          const turn = answers.length;
          const places = (positions[agent] ??= []);
          places.push(x + 0);
          const mayBe = places.length - 1;
          answers.push(
            move(`agent_${agent}`, x).then(({ position, applied }) => {
              // What is told is this place or one of a later move.
              expect([turn, applied, places.slice(mayBe).includes(position.x + 0)]).toEqual([
                turn,
                true,
                true,
              ]);
            }, expectNetworkError),
          );
          game.set(`agent_${agent}`, x + 0);
          await clock.advance(waitMs);
        }
        network.live = true;
        network.sends = true;
        network.answer = () => ({});
        lose();
        await clock.advance(120_000);
        await Promise.all(answers);
        expect(new Map([...server.at].map(([id, { x }]) => [id, x + 0]))).toEqual(game);
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
