import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type * as Applying from "../../mock-server/domain/apply.js";
import { Indexes } from "../../mock-server/domain/indexes.js";
import type { Ids } from "../../mock-server/domain/index.js";
import { Ledger } from "../../mock-server/domain/ledger.js";
import { limits, commands, patience, prepared, run, type Command, type Prepared } from "./random-commands.js";
import type { Rig } from "./support.js";

/** Steps that go well before one throws. */
const fault = vi.hoisted(() => ({
  left: Infinity,
  /** One step: everything that changes something goes through some of these. */
  step(): void {
    fault.left -= 1;
    if (fault.left >= 0) return;
    fault.left = Infinity;
    throw new Error("injected");
  },
}));

vi.mock("../../mock-server/domain/apply.js", async (original) => {
  const { apply, applyKept } = await original<typeof Applying>();
  return {
    applyKept,
    apply(...given: Parameters<typeof apply>) {
      fault.step();
      apply(...given);
      fault.step();
    },
  };
});

function faulty(prototype: object, names: readonly string[]): void {
  for (const name of names) {
    const real: unknown = Reflect.get(prototype, name);
    if (typeof real !== "function") throw new TypeError(`There is no ${name}.`);
    Reflect.set(prototype, name, function (this: unknown, ...given: unknown[]): unknown {
      fault.step();
      return Reflect.apply(real, this, given);
    });
  }
}

faulty(Ledger.prototype, ["emit", "note"]);
faulty(Indexes.prototype, ["before", "after"]);

function withFaults(ids: Ids): Ids {
  return {
    ...ids,
    next(kind) {
      fault.step();
      const id = ids.next(kind);
      fault.step();
      return id;
    },
  };
}

/** All that can be seen of an engine. */
function seen({ engine, events }: Rig): unknown {
  return {
    snapshot: engine.snapshot(),
    events: events.length,
    seq: engine.log.seq,
    held: [engine.storage.held(), engine.storage.held(null), engine.storage.held("red")],
    kept: engine.answers.find("key:1", "k0", "none").kind,
    nextDue: engine.nextDueAt(),
  };
}

/** Runs a command with a fault after each number of steps in turn, until there is none left that it comes to. */
function failEverywhere(tested: Prepared, sessions: string[], one: Command, afterEach: () => void): number {
  for (let steps = 0; ; steps += 1) {
    fault.left = steps;
    try {
      run(tested, sessions, one);
      return steps;
    } catch (error) {
      if (!(error instanceof Error) || error.message !== "injected") throw error;
      afterEach();
    } finally {
      fault.left = Infinity;
    }
  }
}

describe("a command that throws, at whatever point", { timeout: 120_000 }, () => {
  it("leaves the world, the log and all that comes afterwards as if it had never been", () => {
    let failures = 0;
    fc.assert(
      fc.property(fc.nat(), limits, commands, (seed, someLimits, given) => {
        const append = () => {
          fault.step();
        };
        const options = { append, idsOf: withFaults };
        const { tested, sessions } = prepared(seed, someLimits, options);
        const { tested: untouched, sessions: others } = prepared(seed, someLimits, options);
        for (const one of given) {
          if (one.do === "advance") run(tested, sessions, one);
          else {
            const before = seen(untouched);
            failures += failEverywhere(tested, sessions, one, () => {
              expect(seen(tested)).toEqual(before);
            });
          }
          run(untouched, others, one);
          // What became due at once is not a part of the next command.
          tested.engine.runDue();
          untouched.engine.runDue();
          expect(seen(tested)).toEqual(seen(untouched));
        }
        expect(JSON.stringify(tested.events)).toBe(JSON.stringify(untouched.events));
      }),
      { numRuns: 25, ...patience },
    );
    expect(failures).toBeGreaterThan(500);
  });
});
