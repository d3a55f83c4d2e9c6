/** Whether a parsed JSON value has more levels than `maximum`. What is too deep overflows the stack of whoever writes it again. */
export function isNestedDeeperThan(value: unknown, maximum: number): boolean {
  let level = [value].filter(isNest);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= maximum) return true;
    level = level.flatMap((nest) => Object.values(nest).filter(isNest));
  }
  return false;
}

function isNest(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
