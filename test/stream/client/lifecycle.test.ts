import { afterEach, expect, it, describe, vi } from "vitest";
import { runtimeLifecycle } from "../../../src/client/stream/lifecycle.js";
import { onPageGone } from "../../../src/client/stream/page-gone.js";

afterEach(() => vi.unstubAllGlobals());

/** A page as far as the lifecycle looks at one. */
function stubPage() {
  const scope = new EventTarget();
  const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  vi.stubGlobal("addEventListener", scope.addEventListener.bind(scope));
  vi.stubGlobal("removeEventListener", scope.removeEventListener.bind(scope));
  vi.stubGlobal("document", page);
  return { scope, page };
}

describe("The runtime's lifecycle", () => {
  it("is none in Node", () => {
    expect(runtimeLifecycle()).toBeNull();
  });

  it("wakes on online, on pageshow and when the page becomes visible, and not when it is hidden", () => {
    const { scope, page } = stubPage();
    let wakes = 0;
    runtimeLifecycle()?.subscribe(() => (wakes += 1));
    scope.dispatchEvent(new Event("online"));
    scope.dispatchEvent(new Event("pageshow"));
    page.dispatchEvent(new Event("visibilitychange"));
    expect(wakes).toBe(3);
    page.visibilityState = "hidden";
    page.dispatchEvent(new Event("visibilitychange"));
    expect(wakes).toBe(3);
  });

  it("hears nothing any more after it was undone", () => {
    const { scope, page } = stubPage();
    let wakes = 0;
    runtimeLifecycle()?.subscribe(() => (wakes += 1))();
    scope.dispatchEvent(new Event("online"));
    scope.dispatchEvent(new Event("pageshow"));
    page.dispatchEvent(new Event("visibilitychange"));
    expect(wakes).toBe(0);
  });

  it("works in a worker, which has no page", () => {
    const { scope } = stubPage();
    vi.stubGlobal("document", undefined);
    let wakes = 0;
    const undo = runtimeLifecycle()?.subscribe(() => (wakes += 1));
    scope.dispatchEvent(new Event("online"));
    undo?.();
    scope.dispatchEvent(new Event("online"));
    expect(wakes).toBe(1);
  });
});

describe("A page that goes away", () => {
  /** The event as browsers have it. */
  const pagehide = (persisted: boolean) => Object.assign(new Event("pagehide"), { persisted });

  it("says so when it goes for good, and not when it is kept to be shown again", () => {
    const { scope } = stubPage();
    let gone = 0;
    const undo = onPageGone(() => (gone += 1));
    scope.dispatchEvent(pagehide(true));
    expect(gone).toBe(0);
    scope.dispatchEvent(pagehide(false));
    expect(gone).toBe(1);
    undo();
    scope.dispatchEvent(pagehide(false));
    expect(gone).toBe(1);
  });

  it("is none in Node, and none in a worker", () => {
    expect(() => {
      onPageGone(() => undefined)();
    }).not.toThrow();
    const { scope } = stubPage();
    Reflect.deleteProperty(globalThis, "document");
    let gone = 0;
    onPageGone(() => (gone += 1));
    scope.dispatchEvent(pagehide(false));
    expect(gone).toBe(0);
  });
});
