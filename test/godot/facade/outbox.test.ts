import { describe, expect, it } from "vitest";
import type { AnyEvent, EventOf } from "../../../src/contract/index.js";
import { NEWS_MAX, Outbox, subjectOf } from "../../../src/godot/outbox.js";
import type { Push } from "../../../src/godot/outbox.js";

const frame = { epoch: "epoch_1", timestamp: "2026-01-01T00:00:00.000Z", game_id: "game_1" };

function moved(agent_id: string, x: number): EventOf<"agent.moved"> {
  const data = { agent_id, position: { x, y: 0, z: 0 }, scene_id: null, sequence: null };
  return { ...frame, type: "agent.moved", seq: x, data };
}

function removed(agent_id: string): EventOf<"agent.removed"> {
  return { ...frame, type: "agent.removed", seq: 1, data: { agent_id } };
}

/** What a push tells, a move as its agent and x. */
function toldIn({ news }: Push): unknown[] {
  return news.flatMap<unknown>((one) =>
    "moves" in one ? one.moves.rows.map(([, agent, x]) => `${agent} at ${x}`) : [one],
  );
}

describe("what waits for a game that draws no frames", () => {
  it("keeps only the latest move of each agent, behind what came before it", () => {
    const outbox = new Outbox();
    const events: AnyEvent[] = [moved("a", 1), moved("b", 1), removed("c"), moved("a", 2)];
    for (const event of events) outbox.addNews({ event }, subjectOf(event));
    expect(toldIn(outbox.take())).toEqual(["b at 1", { event: removed("c") }, "a at 2"]);
    expect(outbox.isEmpty).toBe(true);
  });

  it("keeps every event of a life: only moves and progress are latest-wins", () => {
    for (const type of ["agent.created", "task.completed", "agent.state_changed", "toString"]) {
      expect(subjectOf({ type, data: { agent_id: "a", task_id: "t" } })).toBeNull();
    }
    expect(subjectOf({ type: "task.progress", data: { task_id: "t" } })).toBe("task.progress t");
    expect(subjectOf({ type: "task.progress", data: null })).toBeNull();
  });

  it("gives up what is held past its bound, and says so", () => {
    const outbox = new Outbox();
    for (let index = 0; index <= NEWS_MAX; index += 1) {
      outbox.addNews({ event: removed(`agent_${index}`) }, null);
    }
    expect(outbox.hasOverflowed).toBe(true);
    expect(outbox.take().news).toEqual([]);
    outbox.forgive();
    outbox.addNews({ state: "connected" }, null);
    expect(outbox.take().news).toEqual([{ state: "connected" }]);
  });

  it("holds a million moves of a hundred agents in a hundred places", () => {
    const outbox = new Outbox();
    for (let index = 0; index < 1_000_000; index += 1) {
      const event = moved(`agent_${index % 100}`, index);
      outbox.addNews({ event }, subjectOf(event));
    }
    expect(outbox.hasOverflowed).toBe(false);
    expect(toldIn(outbox.take())).toHaveLength(100);
  });
});
