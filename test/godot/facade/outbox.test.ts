import { describe, expect, it } from "vitest";
import { NEWS_MAX, Outbox, subjectOf } from "../../../src/godot/outbox.js";

const moved = (agent: string, x: number) => ({ type: "agent.moved", data: { agent_id: agent, x } });

describe("what waits for a game that draws no frames", () => {
  it("keeps only the latest move of each agent, behind what came before it", () => {
    const outbox = new Outbox();
    const created = { type: "agent.created", data: {} };
    for (const event of [moved("a", 1), moved("b", 1), created, moved("a", 2)])
      outbox.addNews({ event }, subjectOf(event));
    expect(outbox.take().news).toEqual([
      { event: moved("b", 1) },
      { event: created },
      { event: moved("a", 2) },
    ]);
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
    for (let index = 0; index <= NEWS_MAX; index += 1) outbox.addNews({ event: { index } }, null);
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
    expect(outbox.take().news).toHaveLength(100);
  });
});
