import { describe, expect, expectTypeOf, it, vi } from "vitest";
import type { createMockBackend } from "../../mock-server/index.js";
import * as full from "../../src/index.js";
import * as slim from "../../src/slim.js";

describe("the two entries of the SDK", () => {
  it("give the same names", () => {
    expect(Object.keys(slim).sort()).toEqual(Object.keys(full).sort());
  });

  it("differ in nothing but their own AgentVM", () => {
    const { AgentVM: _full, ...fullRest } = full;
    const { AgentVM: _slim, ...slimRest } = slim;
    expect(slimRest).toEqual(fullRest);
  });

  it("take what a backend in the page hands out", () => {
    expectTypeOf<
      ReturnType<ReturnType<typeof createMockBackend>["connection"]>
    >().toExtend<full.AgentVMOptions>();
    expectTypeOf<typeof WebSocket>().toExtend<full.WebSocketConstructor>();
    expectTypeOf<typeof fetch>().toExtend<full.Fetch>();
    expectTypeOf<Console>().toExtend<full.Logger>();
  });
});

describe("an error of the SDK", () => {
  const classesOf = (copy: typeof full) =>
    Object.entries(copy).flatMap(([name, value]) =>
      name.endsWith("Error") && typeof value === "function" && !name.startsWith("is")
        ? [{ name, made: value }]
        : [],
    );
  const classes = classesOf(full);
  const fields = { code: "x", outcome: "rejected", remediation: "y" } as const;

  it("has a class for each kind", () => {
    expect(classes.map(({ name }) => name).sort()).toEqual([
      "AgentVMError",
      "AuthenticationError",
      "CancelledError",
      "ClosedError",
      "ConfigError",
      "ConflictError",
      "ContractError",
      "InvalidRequestError",
      "NetworkError",
      "NotFoundError",
      "PermissionError",
      "RateLimitError",
      "ServerError",
      "TimeoutError",
    ]);
  });

  it("knows its name, is an AgentVMError and an Error", () => {
    const error = new full.NotFoundError("gone", fields);
    expect(error).toBeInstanceOf(full.AgentVMError);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe("NotFoundError: gone");
    expect(error.stack).toMatch(/^NotFoundError: gone/);
  });

  it("is an instance of its class in another copy of the package, and of no other there", async () => {
    vi.resetModules();
    const other = await import("../../src/index.js");
    expect(other.NotFoundError).not.toBe(full.NotFoundError);
    for (const { name, made } of classes) {
      const error: unknown = Reflect.construct(made, ["gone", fields]);
      const kinds = classesOf(other).filter((one) => error instanceof one.made);
      expect(kinds.map((kind) => kind.name).sort()).toEqual([...new Set(["AgentVMError", name])].sort());
    }
  });

  it("is an instance of no class that somebody derives from its own, and of its own where it is derived", () => {
    class Vanished extends full.NotFoundError {
      override name = "Vanished";
    }
    expect(new full.NotFoundError("gone", fields)).not.toBeInstanceOf(Vanished);
    const derived: unknown = new Vanished("gone", fields);
    expect(derived).toBeInstanceOf(Vanished);
    expect(derived).toBeInstanceOf(full.NotFoundError);
    expect(full.isNotFoundError(derived)).toBe(true);
    expect(derived).not.toBeInstanceOf(full.TimeoutError);
    for (const other of [new Error("gone"), null, undefined, "gone"])
      expect(other instanceof full.AgentVMError).toBe(false);
  });

  it("can be written as JSON with its name and message", () => {
    expect(JSON.parse(JSON.stringify(new full.ConflictError("no", { ...fields, status: 409 })))).toEqual({
      name: "ConflictError",
      message: "no",
      code: "x",
      outcome: "rejected",
      remediation: "y",
      status: 409,
      retryable: false,
      requestId: null,
      detail: null,
      retryAfterMs: null,
    });
  });

  it("is known by its guard, and by no other", () => {
    const error: unknown = new full.TimeoutError("late", fields);
    expect(full.isAgentVMError(error)).toBe(true);
    expect(full.isTimeoutError(error)).toBe(true);
    expect(full.isNetworkError(error)).toBe(false);
    expect(full.isTimeoutError(new Error("late"))).toBe(false);
    expect(full.isTimeoutError(null)).toBe(false);
  });
});
