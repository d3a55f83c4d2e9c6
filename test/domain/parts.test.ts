import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ID_PATTERN } from "../../src/contract/index.js";
import { IndexedHeap } from "../../mock-server/domain/heap.js";
import { createIds, createRandom } from "../../mock-server/domain/index.js";
import { thrownBy } from "./support.js";

describe("a seeded random source", () => {
  it("gives the same numbers for the same seed and others for another", () => {
    const take = (seed: number) => {
      const random = createRandom(seed);
      return Array.from({ length: 20 }, () => random.next());
    };
    expect(take(1)).toEqual(take(1));
    expect(take(1)).not.toEqual(take(2));
  });

  it("gives numbers from 0 up to 1, evenly", () => {
    const random = createRandom(5);
    const numbers = Array.from({ length: 20_000 }, () => random.next());
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    const tenths = Array.from({ length: 10 }, (_, tenth) => {
      return numbers.filter((number) => Math.floor(number * 10) === tenth).length;
    });
    expect(Math.min(...tenths)).toBeGreaterThan(1_800);
    expect(Math.max(...tenths)).toBeLessThan(2_200);
  });

  it("goes on from a state that was kept", () => {
    const random = createRandom(1);
    random.next();
    const state = random.state();
    const next = random.next();
    const other = createRandom(2);
    other.restore(state);
    expect(other.next()).toBe(next);
    expect(thrownBy(() => other.restore([1, 2]))).toBeInstanceOf(RangeError);
  });

  it("has forks that depend on their names alone", () => {
    const random = createRandom(1);
    const first = random.fork("a").next();
    random.next();
    expect(random.fork("a").next()).toBe(first);
    expect(random.fork("b").next()).not.toBe(first);
  });
});

describe("ids", () => {
  it("are the same for the same seed, fit the contract, and none comes twice", () => {
    const ids = createIds(7);
    const given = Array.from({ length: 20_000 }, () => ids.next("task"));
    expect(new Set(given).size).toBe(20_000);
    expect(given.every((id) => ID_PATTERN.test(id) && id.startsWith("task_"))).toBe(true);
    const again = createIds(7);
    expect(given.slice(0, 50)).toEqual(Array.from({ length: 50 }, () => again.next("task")));
    expect(createIds(8).next("task")).not.toBe(given[0]);
  });

  it("are those of every version, so that a script that names them goes on", () => {
    const ids = createIds(7);
    const agents = Array.from({ length: 300 }, () => ids.next("agent"));
    expect(agents.slice(0, 3)).toEqual(["agent_87xhoq75", "agent_37cprkh1", "agent_98khsd1z"]);
    expect(agents).toContain("agent_00ruelr8");
    expect([ids.next("task"), ids.next("request")]).toEqual(["task_63bpo2k8", "request_8xsnmrwz"]);
  });

  it("of one kind do not depend on how many of another were given", () => {
    const [some, more] = [createIds(7), createIds(7)];
    more.next("request");
    expect(more.next("agent")).toBe(some.next("agent"));
  });

  it("go on from a state that was kept", () => {
    const ids = createIds(7);
    ids.next("agent");
    const state = ids.state();
    const next = ids.next("agent");
    const other = createIds(9);
    other.restore(state);
    expect(other.next("agent")).toBe(next);
  });
});

describe("a heap", () => {
  it("gives what is in it in order, whatever was put in and taken out", () => {
    const command = fc.record({ add: fc.boolean(), number: fc.integer({ min: 0, max: 30 }) });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 200 }), (commands) => {
        const heap = new IndexedHeap<number>((a, b) => a - b);
        const model = new Set<number>();
        for (const { add, number } of commands) {
          if (add) heap.push(number);
          else expect(heap.remove(number)).toBe(model.has(number));
          if (add) model.add(number);
          else model.delete(number);
          expect(heap.peek()).toBe(model.size === 0 ? undefined : Math.min(...model));
          expect(heap.size).toBe(model.size);
        }
        const sorted = [...model].sort((a, b) => a - b);
        expect(heap.first(5)).toEqual(sorted.slice(0, 5));
        expect(Array.from(model, () => heap.pop())).toEqual(sorted);
      }),
    );
  });
});
