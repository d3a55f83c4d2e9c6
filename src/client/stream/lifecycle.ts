import { isTarget } from "./page-gone.js";
import type { Lifecycle } from "./ports.js";

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
