import { describe, expect, it } from "vitest";
import { createBackendClock } from "../../../mock-server/domain/index.js";
import { Pose } from "../../../server/src/worker/pose.js";
import type { WorkState } from "../../../src/worker.js";

function posing() {
  const clock = createBackendClock("manual");
  const seen: [ms: number, state: WorkState][] = [];
  const start = clock.now();
  const pose = new Pose(clock, (state) => void seen.push([clock.now() - start, state]));
  return { clock, seen, pose };
}

describe("what a character is seen doing", () => {
  it("is told at once when the state before was seen for long enough", () => {
    const { clock, seen, pose } = posing();
    pose.take("thinking");
    clock.advance(300);
    pose.take("coding");
    expect(seen).toEqual([
      [0, "thinking"],
      [300, "coding"],
    ]);
  });

  it("stays for 300 ms where it is over sooner, so that one sees it", () => {
    const { clock, seen, pose } = posing();
    pose.take("coding");
    clock.advance(10);
    pose.take("thinking");
    expect(seen).toEqual([[0, "coding"]]);
    clock.advance(290);
    expect(seen[1]).toEqual([300, "thinking"]);
  });

  it("shows of many that are over at once that something was done, and then the newest", () => {
    const { clock, seen, pose } = posing();
    pose.take("thinking");
    for (const state of ["coding", "thinking", "speaking", "thinking", "coding", "thinking"] as const) {
      clock.advance(5);
      pose.take(state);
    }
    clock.advance(2_000);
    expect(seen).toEqual([
      [0, "thinking"],
      [300, "coding"],
      [600, "thinking"],
    ]);
  });

  it("shows nothing any more once it is closed", () => {
    const { clock, seen, pose } = posing();
    pose.take("coding");
    pose.take("thinking");
    pose.close();
    clock.advance(1_000);
    expect(seen).toEqual([[0, "coding"]]);
  });
});
