import { afterEach, describe, expect, it, vi } from "vitest";
import { createBackendClock } from "../../mock-server/domain/index.js";
import { driveEngine } from "../../mock-server/engine-driver.js";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";

const open: MockBackend[] = [];

afterEach(() => {
  for (const backend of open.splice(0)) backend.close();
});

/** An engine with work at the times given, which notes when it did it. */
function scripted(due: number[]) {
  const clock = createBackendClock("manual");
  const start = clock.now();
  const done: number[] = [];
  let listener = (): void => undefined;
  return {
    clock,
    done,
    add(ms: number) {
      due.push(ms);
      due.sort((a, b) => a - b);
      listener();
    },
    engine: {
      runDue() {
        while (due[0] !== undefined && start + due[0] <= clock.now()) {
          due.shift();
          done.push(clock.now() - start);
        }
      },
      nextDueAt: () => (due[0] === undefined ? null : start + due[0]),
      onSchedule(added: () => void) {
        listener = added;
        return () => {
          listener = () => undefined;
        };
      },
    },
  };
}

describe("the engine's work", () => {
  it("is done exactly when it is due", () => {
    const { engine, clock, done } = scripted([100, 100, 2_500]);
    driveEngine(engine, clock, () => undefined);
    clock.advance(10_000);
    expect(done).toEqual([100, 100, 2_500]);
  });

  it("is done earlier when something earlier comes up", () => {
    const { engine, clock, done, add } = scripted([5_000]);
    driveEngine(engine, clock, () => undefined);
    clock.advance(10);
    add(20);
    clock.advance(90);
    expect(done).toEqual([20]);
  });

  it("is left when the driver is closed", () => {
    const { engine, clock, done, add } = scripted([5]);
    const driver = driveEngine(engine, clock, () => undefined);
    driver.close();
    add(6);
    clock.advance(100);
    expect(done).toEqual([]);
  });

  it("that always fails is tried once a second, and told each time", () => {
    const { engine, clock } = scripted([5]);
    const fault = new Error("broken");
    const onError = vi.fn();
    const failing = {
      ...engine,
      runDue: () => {
        throw fault;
      },
    };
    const driver = driveEngine(failing, clock, onError);
    clock.advance(3_100);
    expect(onError.mock.calls).toEqual([[fault], [fault], [fault], [fault]]);
    expect(driver.failedAt).toBe(clock.now() - 95);
  });
});

describe("a backend whose own work fails", () => {
  it("says that it is degraded, and that it is well again a minute after the last fault", async () => {
    const backend = createMockBackend({ clock: "manual", seed: 1, limits: { auto_spawn: true } });
    open.push(backend);
    const { engine, clock } = backend;
    const status = async () => (await (await backend.fetch("/health")).json()).status;
    expect(await status()).toBe("healthy");
    engine.tasks.assign(
      { kind: "all" },
      { prompt: "Fix the jump", task_type: "general", priority: 1, timeout: 600 },
    );
    const broken = vi.spyOn(engine, "runDue").mockImplementation(() => {
      throw new Error("broken");
    });
    clock.advance(600_000);
    expect(await status()).toBe("degraded");
    broken.mockRestore();
    clock.advance(120_000);
    expect(await status()).toBe("healthy");
  });
});
