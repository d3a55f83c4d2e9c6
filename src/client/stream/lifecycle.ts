import type { Lifecycle } from "./ports.js";

interface Target {
  addEventListener(type: string, listener: (event: unknown) => void): void;
  removeEventListener(type: string, listener: (event: unknown) => void): void;
}

function isTarget(value: unknown): value is Target {
  return (
    typeof value === "object" &&
    value !== null &&
    "addEventListener" in value &&
    typeof value.addEventListener === "function"
  );
}

/** The page's or worker's own moments; null where there is neither, as in Node. */
export function runtimeLifecycle(): Lifecycle | null {
  const scope: unknown = globalThis;
  if (!isTarget(scope)) return null;
  const page: unknown = "document" in scope ? scope.document : undefined;
  return {
    subscribe(wake) {
      const shown = () => {
        if (isTarget(page) && "visibilityState" in page && page.visibilityState === "visible") wake();
      };
      scope.addEventListener("online", wake);
      scope.addEventListener("pageshow", wake);
      if (isTarget(page)) page.addEventListener("visibilitychange", shown);
      return () => {
        scope.removeEventListener("online", wake);
        scope.removeEventListener("pageshow", wake);
        if (isTarget(page)) page.removeEventListener("visibilitychange", shown);
      };
    },
  };
}

/**
 * Calls `gone` when the page goes away for good, until the answer is called: not when it is kept to be shown again. Where there is
 * no page, as in Node and in workers, that never comes.
 */
export function onPageGone(gone: () => void): () => void {
  const scope: unknown = globalThis;
  if (!isTarget(scope) || !("document" in scope)) return () => undefined;
  const hidden = (event: unknown) => {
    const isKept =
      typeof event === "object" && event !== null && "persisted" in event && event.persisted === true;
    if (!isKept) gone();
  };
  scope.addEventListener("pagehide", hidden);
  return () => scope.removeEventListener("pagehide", hidden);
}
