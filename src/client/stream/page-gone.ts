interface Target {
  addEventListener(type: string, listener: (event: unknown) => void): void;
  removeEventListener(type: string, listener: (event: unknown) => void): void;
}

/** Whether listeners can be added to a value. */
export function isTarget(value: unknown): value is Target {
  return (
    typeof value === "object" &&
    value !== null &&
    "addEventListener" in value &&
    typeof value.addEventListener === "function"
  );
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
