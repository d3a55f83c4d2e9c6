import { describe, expect, it } from "vitest";
import { all, crew, rig, teamWork, thrownBy, work, type Rig } from "../domain/support.js";

function busy(): Rig {
  const tested = rig();
  crew(tested.engine, ["aider", "claude", "opencode"]);
  tested.engine.tasks.assign(all, work());
  tested.engine.tasks.assignTeam(all, teamWork());
  tested.advance(4);
  return tested;
}

describe("what the simulation keeps of a task", () => {
  it("is its steps and the number of the next, and each step changes the number alone", () => {
    const { engine, changes, advance } = busy();
    const [before] = engine.snapshot().world.work;
    expect(before?.kept).toEqual({ steps: expect.any(Array), next: expect.any(Number) });
    const at = changes.length;
    advance(3);
    const [after] = engine.snapshot().world.work;
    const { next, ...rest } = before?.kept ?? {};
    expect(after?.kept).toEqual({ ...rest, next: expect.any(Number) });
    expect(after?.kept).not.toEqual({ ...rest, next });
    const kept = changes.slice(at).flatMap((change) => (change.type === "work.kept" ? [change.kept] : []));
    expect(kept.length).toBeGreaterThan(2);
    for (const one of kept) expect(Object.keys(one)).toEqual(["next"]);
  });

  it("is read too as it was saved before there was a choice of who works", () => {
    const first = busy();
    const { world, ...rest } = first.engine.snapshot();
    const { work: kept, ...others } = world;
    const plans = kept.map(({ task_id, kept: { steps, next } }) => {
      if (!Array.isArray(steps)) throw new TypeError("The simulation keeps steps.");
      return { task_id, steps: steps.slice(Number(next)) };
    });
    const at = first.events.length;
    const second = rig({ snapshot: JSON.parse(JSON.stringify({ ...rest, plans, world: others })) });
    for (const { advance } of [first, second]) advance(60);
    expect(second.events).toEqual(first.events.slice(at));
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["a number of no step", { next: 1_000 }, "kept.next is of no step that is due"],
    ["a number that is none", { next: "2" }, "kept.next must be a number"],
    ["no steps", { steps: [] }, "kept.next is of no step"],
    ["steps of another kind", { steps: [{ after: -1 }] }, "kept.steps.0.after must be at least 0"],
    ["an idle agent at work", { steps: [{ after: 1, state: "idle" }], next: 0 }, "kept.steps.0.state"],
  ])("with %s is refused with the place", (_what, damage, place) => {
    const saved = busy().engine.snapshot();
    const kept = saved.world.work.map((one) => ({ ...one, kept: { ...one.kept, ...damage } }));
    const error = thrownBy(() => rig({ snapshot: { ...saved, world: { ...saved.world, work: kept } } }));
    expect(error).toMatchObject({ name: "EngineError", code: "invalid_request" });
    expect(String(error)).toContain(place);
  });
});
