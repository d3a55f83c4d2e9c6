import { invalidRequest } from "./errors.js";
import { frozenData } from "./json-copy.js";

/** Objects and lists that may stand one within the other in data of the caller's own. */
export const NESTING_MAX = 64;

/** Freezes a value and all within it, in place. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

/**
 * A copy of what a caller gave, so that nobody changes it later, frozen. Throws `invalid_request` at `loc` for what
 * is nested so deep that writing it as JSON might fail.
 */
export function frozenCopy<T>(value: T, loc: (string | number)[]): T {
  if (isDeeperThan(value, NESTING_MAX)) {
    throw invalidRequest(loc, `must not be nested deeper than ${NESTING_MAX} levels`, "too_deep");
  }
  return frozenData(value);
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}
