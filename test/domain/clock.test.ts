import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBackendClock, MANUAL_CLOCK_START_MS, TIME_END_MS } from "../../mock-server/domain/index.js";
import { thrownBy } from "./support.js";

describe("a manual clock", () => {
  it("stands at the first moment of 2026 until it is moved", () => {
    const clock = createBackendClock("manual");
    expect(new Date(clock.now()).toISOString()).toBe("2026-01-01T00:00:00.000Z");
    clock.advance(1_500);
    expect(clock.now()).toBe(MANUAL_CLOCK_START_MS + 1_500);
  });

  it("runs timers in the order of their times, each at its time", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 50 })),
        fc.integer({ min: 0, max: 60 }),
        (delays, ms) => {
          const clock = createBackendClock("manual");
          const ran: { delay: number; index: number; at: number }[] = [];
          delays.forEach((delay, index) => {
            clock.setTimeout(
              () => ran.push({ delay, index, at: clock.now() - MANUAL_CLOCK_START_MS }),
              delay,
            );
          });
          clock.advance(ms);
          const due = delays
            .map((delay, index) => ({ delay, index, at: delay }))
            .filter(({ delay }) => delay <= ms);
          expect(ran).toEqual(due.sort((a, b) => a.delay - b.delay || a.index - b.index));
        },
      ),
    );
  });

  it("runs timers that timers set, if they are due", () => {
    const clock = createBackendClock("manual");
    const ran: number[] = [];
    const again = () => {
      ran.push(clock.now() - MANUAL_CLOCK_START_MS);
      clock.setTimeout(again, 10);
    };
    clock.setTimeout(again, 10);
    clock.advance(35);
    expect(ran).toEqual([10, 20, 30]);
  });

  it("forgets a timer that is cancelled, and all when it is closed", () => {
    const clock = createBackendClock("manual");
    const ran: string[] = [];
    const cancel = clock.setTimeout(() => ran.push("cancelled"), 5);
    clock.setTimeout(() => ran.push("kept"), 5);
    cancel();
    cancel();
    clock.advance(10);
    clock.setTimeout(() => ran.push("closed"), 5);
    clock.close();
    clock.setTimeout(() => ran.push("late"), 5);
    clock.advance(10);
    expect(ran).toEqual(["kept"]);
  });

  it("runs the other timers when one throws, then throws that error", () => {
    const clock = createBackendClock("manual");
    const ran: string[] = [];
    clock.setTimeout(() => {
      throw new Error("broken timer");
    }, 1);
    clock.setTimeout(() => ran.push("other"), 2);
    expect(thrownBy(() => clock.advance(5))).toEqual(new Error("broken timer"));
    expect(ran).toEqual(["other"]);
    expect(clock.now()).toBe(MANUAL_CLOCK_START_MS + 5);
  });

  it("cannot be moved back", () => {
    const clock = createBackendClock("manual");
    for (const ms of [-1, Number.NaN, Infinity]) {
      expect(thrownBy(() => clock.advance(ms))).toBeInstanceOf(RangeError);
    }
  });
});

describe("a clock that follows another", () => {
  it("goes as fast as it is told, can be paused and be moved on", () => {
    const base = createBackendClock("manual");
    const start = base.now();
    const clock = createBackendClock({ speed: 20 }, base);
    base.advance(100);
    expect(clock.now() - start).toBe(2_000);
    clock.speed = 0;
    base.advance(100);
    expect(clock.now() - start).toBe(2_000);
    clock.advance(500);
    clock.speed = 1;
    base.advance(100);
    expect(clock.now() - start).toBe(2_600);
    expect(thrownBy(() => (clock.speed = -1))).toBeInstanceOf(RangeError);
  });

  it("runs its timers by themselves, and again on time after its speed was changed", () => {
    const base = createBackendClock("manual");
    const start = base.now();
    const clock = createBackendClock("real", base);
    const ran: number[] = [];
    for (const delay of [1_000, 3_000]) clock.setTimeout(() => ran.push(base.now() - start), delay);
    base.advance(1_000);
    clock.speed = 10;
    base.advance(1_000);
    expect(ran).toEqual([1_000, 1_200]);
  });

  it("waits for longer than a timer of the platform can", () => {
    const base = createBackendClock("manual");
    const delays: number[] = [];
    const watched = {
      now: () => base.now(),
      setTimeout: (callback: () => void, delay: number) => {
        delays.push(delay);
        return base.setTimeout(callback, delay);
      },
    };
    const clock = createBackendClock("real", watched);
    let ran = 0;
    clock.setTimeout(() => (ran += 1), 3_000_000_000);
    base.advance(2_999_999_999);
    expect(ran).toBe(0);
    base.advance(1);
    expect(ran).toBe(1);
    expect(Math.max(...delays)).toBeLessThan(2 ** 31);
  });
});

describe("the time of a clock", () => {
  it.each(["manual", { speed: 20 }] as const)(
    "can be set back, and timers wait on as they were: %j",
    (mode) => {
      const base = createBackendClock("manual");
      const clock = createBackendClock(mode, base);
      const ran: number[] = [];
      clock.setTimeout(() => ran.push(clock.now()), 1_000);
      clock.advance(400);
      clock.setTime(50_000);
      expect(clock.now()).toBe(50_000);
      clock.advance(599);
      expect(ran).toEqual([]);
      clock.advance(1);
      expect(ran).toEqual([50_600]);
      clock.setTimeout(() => ran.push(clock.now()), 10);
      clock.advance(10);
      expect(ran).toEqual([50_600, 50_610]);
    },
  );

  it("goes on from where it was set at the clock's own speed", () => {
    const base = createBackendClock("manual");
    const clock = createBackendClock({ speed: 20 }, base);
    clock.setTime(0);
    base.advance(100);
    expect(clock.now()).toBe(2_000);
  });

  it("is refused when it is no time", () => {
    const clock = createBackendClock("manual");
    for (const time of [NaN, Infinity, -1, 8.64e15, 1e300])
      expect(thrownBy(() => clock.setTime(time))).toBeInstanceOf(RangeError);
  });
});

describe("the end of time", () => {
  it("is never gone past, so that every time has a year of four digits", () => {
    const clock = createBackendClock("manual");
    for (const ms of [1e16, 8.64e15, Number.MAX_VALUE])
      expect(thrownBy(() => clock.advance(ms))).toBeInstanceOf(RangeError);
    expect(clock.now()).toBe(MANUAL_CLOCK_START_MS);
    clock.advance(TIME_END_MS - clock.now());
    expect(new Date(clock.now()).toISOString()).toBe("9900-01-01T00:00:00.000Z");
  });

  it("is where time stands still, however fast it went", () => {
    const base = createBackendClock("manual");
    const clock = createBackendClock({ speed: 1e300 }, base);
    let rings = 0;
    const ring = (): void => {
      rings += 1;
      clock.setTimeout(ring, 1_000);
    };
    clock.setTimeout(ring, 1_000);
    base.advance(5_000);
    expect(clock.now()).toBe(TIME_END_MS);
    clock.speed = 1;
    base.advance(5_000);
    expect(clock.now()).toBe(TIME_END_MS);
    expect(rings).toBeLessThan(3);
  });
});
