/** A copy of JSON data, whose parts are its own. Not `structuredClone`, which the oldest browsers of this package do not have. */
export function jsonCopy<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  // Spread, not assigned: a field that is named `__proto__` stays a field.
  const copy = Array.isArray(value) ? Object.assign([], value) : { ...value };
  for (const name in copy) copy[name] = jsonCopy(copy[name]);
  return copy;
}
