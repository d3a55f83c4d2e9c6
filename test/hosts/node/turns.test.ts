import { beforeEach, describe, expect, it } from "vitest";
import { createBackendClock } from "../../../mock-server/domain/clock.js";
import type { BackendClock } from "../../../mock-server/domain/clock.js";
import { Turns } from "../../../mock-server/hosts/node/turns.js";
import type { Turn } from "../../../mock-server/hosts/node/turns.js";

let clock: BackendClock;
let turns: Turns;
beforeEach(() => {
  clock = createBackendClock("manual");
  turns = new Turns(clock, () => clock.now(), {
    ownBytes: 100,
    allBytes: 250,
    waiting: 40,
    waitingBytes: 200_000,
  });
});

/** Lets time go by, and lets those go on whose turn has come. */
async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  await Promise.resolve();
}

/** Begins a call and, where it is let in at once, notes that it took so long; tells whether it was. */
function call(name: string, ms: number): boolean {
  const turn = turns.begin(name, 0);
  if (turn instanceof Promise) {
    void turn.then((mine) => turns.took(mine, ms));
    return false;
  }
  turns.took(turn, ms);
  return true;
}

/** Begins calls that take so long together; tells whether all were let in at once. */
function spend(name: string, ms: number): boolean {
  const calls = Array.from({ length: ms }, () => call(name, 0.9));
  return calls.every((isIn) => isIn);
}

/** Lets a begun call be known by the order in which it was let in. */
function note(turn: Turn | Promise<Turn>, name: string, order: string[]): void {
  if (turn instanceof Promise) void turn.then(() => order.push(name));
  else order.push(name);
}

/** Milliseconds of the loop that a caller gets which wants all of it for two seconds, while another calls ten times a second or does not. */
async function gets(other: boolean): Promise<number> {
  let spent = 0;
  let waits = false;
  for (let time = 0; time < 2_000; time += 1) {
    if (other && time % 100 === 0) expect(call("game:quiet", 0.2)).toBe(true);
    if (!waits) {
      const turn = turns.begin("game:busy", 0);
      const work = (mine: Turn): void => {
        waits = false;
        spent += 0.9;
        turns.took(mine, 0.9);
      };
      if (turn instanceof Promise) {
        waits = true;
        void turn.then(work);
      } else work(turn);
    }
    await pass(1);
  }
  return spent;
}

describe("a caller's share of the loop", () => {
  it("is all of it while nobody else is there", async () => {
    expect(await gets(false)).toBeGreaterThan(1_700);
  });

  it("is a sixteenth for long while somebody is, who never waits", async () => {
    const spent = await gets(true);
    expect(spent).toBeGreaterThan(100);
    expect(spent).toBeLessThan(160);
  });

  it("is all of it where what else comes is from its own event stream", () => {
    for (let count = 0; count < 300; count += 1) {
      turns.seen("game:busy");
      expect(call("game:busy", 0.9)).toBe(true);
    }
  });

  it("is a part of it while somebody else's event stream is heard", () => {
    turns.seen("game:quiet");
    expect(spend("game:busy", 60)).toBe(false);
  });

  it("is what it wants again, once the other has gone", async () => {
    call("game:quiet", 0.2);
    expect(spend("game:busy", 60)).toBe(false);
    await pass(300);
    expect(spend("game:busy", 300)).toBe(true);
  });

  it("is not lost for long by all that it had while it was alone", async () => {
    expect(spend("game:busy", 10_000)).toBe(true);
    const order: string[] = [];
    turns.seen();
    note(turns.begin("game:busy", 0), "next", order);
    for (let time = 0; time < 2_100; time += 100) {
      turns.seen();
      await pass(100);
    }
    expect(order).toEqual(["next"]);
  });

  it("is not what the machine took for something else, while a small call was under way", async () => {
    turns.seen();
    for (let count = 0; count < 20; count += 1) expect(call("game:small", 500)).toBe(true);
    await pass(1_000);
    turns.seen();
    expect(call("game:small", 500)).toBe(true);
  });

  it("goes to its calls in the order in which they came", async () => {
    spend("game:busy", 100);
    turns.seen();
    const order: string[] = [];
    for (const name of ["first", "second", "third"]) note(turns.begin("game:busy", 0), name, order);
    expect(order).toEqual([]);
    await pass(3_000);
    expect(order).toEqual(["first", "second", "third"]);
  });
});

describe("what is on its way for a caller", () => {
  it("is bounded: what does not fit waits until something has gone, and others do not", async () => {
    const order: string[] = [];
    note(turns.begin("game:one", 60), "one", order);
    note(turns.begin("game:one", 60), "one, again", order);
    note(turns.begin("game:other", 60), "other", order);
    expect(order).toEqual(["one", "other"]);
    turns.release("game:one", 60);
    await pass(1);
    expect(order).toEqual(["one", "other", "one, again"]);
    expect(turns.bytes("game:one")).toBe(60);
  });

  it("may be one call, however large", () => {
    expect(turns.begin("game:one", 1_000)).not.toBeInstanceOf(Promise);
  });

  it("is one call for everybody where all callers together have as much as may be", async () => {
    const order: string[] = [];
    for (const name of ["a", "b", "c", "d"]) note(turns.begin(name, 80), name, order);
    expect(order).toEqual(["a", "b", "c", "d"]);
    note(turns.begin("a", 1), "a, again", order);
    expect(order).toHaveLength(4);
    turns.release("d", 80);
    await pass(1);
    expect(order.at(-1)).toBe("a, again");
  });

  it("counts answers that are not read", async () => {
    const order: string[] = [];
    const read = turns.hold("game:one", 100);
    note(turns.begin("game:one", 1), "one", order);
    expect(order).toEqual([]);
    read();
    read();
    await pass(1);
    expect(order).toEqual(["one"]);
    expect(turns.bytes()).toBe(1);
  });
});

describe("calls that wait", () => {
  it("are bounded by their number, and one more is told to come again", () => {
    turns.hold("game:one", 101);
    const begin = () => turns.begin("game:one", 0);
    for (let count = 0; count < 40; count += 1) expect(begin()).toBeInstanceOf(Promise);
    expect(begin).toThrow(expect.objectContaining({ code: "rate_limited", retryAfterSeconds: 1 }));
    expect(turns.begin("game:other", 1)).not.toBeInstanceOf(Promise);
  });

  it("are bounded by what their connections hold", () => {
    turns.hold("game:one", 101);
    const begin = () => turns.begin("game:one", 1_000_000);
    for (let count = 0; count < 3; count += 1) expect(begin()).toBeInstanceOf(Promise);
    expect(begin).toThrow(expect.objectContaining({ code: "rate_limited" }));
    expect(turns.begin("game:one", 0)).toBeInstanceOf(Promise);
  });
});
