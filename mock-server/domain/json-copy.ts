/** A copy of JSON data, whose parts are its own. Not `structuredClone`, which the oldest browsers of this package do not have. */
export function jsonCopy<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  // Spread, not assigned: a field that is named `__proto__` stays a field.
  const copy = Array.isArray(value) ? Object.assign([], value) : { ...value };
  for (const name in copy) {
    const part = copy[name];
    // To write a number where it stands already takes V8 thirty times as long as all else, in an object of a thousand names that it has not seen before.
    if (typeof part === "object" && part !== null) copy[name] = jsonCopy(part);
  }
  return copy;
}
