import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../../src/contract/clock.js";

const DAY_MS = 86_400_000;

describe("the machine's clock", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it.each([1, 24, 25, 50, 365])("waits for %d days when it is told to", (days) => {
    const ring = vi.fn();
    systemClock().setTimeout(ring, days * DAY_MS);
    vi.advanceTimersByTime(days * DAY_MS - 1);
    expect(ring).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(ring).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([Infinity, NaN])("does not ring at once for %d", (delayMs) => {
    const ring = vi.fn();
    const cancel = systemClock().setTimeout(ring, delayMs);
    vi.advanceTimersByTime(100 * DAY_MS);
    expect(ring).not.toHaveBeenCalled();
    cancel();
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([10, 40])("forgets a wait of 60 days after %d of them", (days) => {
    const ring = vi.fn();
    const cancel = systemClock().setTimeout(ring, 60 * DAY_MS);
    vi.advanceTimersByTime(days * DAY_MS);
    cancel();
    vi.advanceTimersByTime(100 * DAY_MS);
    expect(ring).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
