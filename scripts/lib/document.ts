import { type Json, type JsonObject, isJsonObject } from "../documents/json-schema.js";

/** The object at a path of names; empty when there is none. */
export function objectAt(from: Json | undefined, ...path: readonly string[]): JsonObject {
  let value = from;
  for (const name of path) value = isJsonObject(value) ? value[name] : undefined;
  return isJsonObject(value) ? value : {};
}

/** The entries of the object at a path, where they are objects. */
export function objectsAt(from: Json | undefined, ...path: readonly string[]): [string, JsonObject][] {
  return Object.entries(objectAt(from, ...path)).filter((entry): entry is [string, JsonObject] =>
    isJsonObject(entry[1]),
  );
}

/** The list under a name; empty when there is none. */
export function listAt(from: JsonObject, name: string): readonly Json[] {
  return asList(from[name]);
}

/** The value as a list; empty when it is none. */
export function asList(value: Json | undefined): readonly Json[] {
  // Array.isArray alone would make it a list of anything at all.
  return typeof value === "object" && value !== null && !isJsonObject(value) ? value : [];
}

/** The text under a name; empty when there is none. */
export function textAt(from: JsonObject, name: string): string {
  const value = from[name];
  return typeof value === "string" ? value : "";
}

/** The last part of the reference that an object is, or nothing. */
export function refName(value: JsonObject): string | null {
  const ref = textAt(value, "$ref");
  return ref === "" ? null : ref.slice(ref.lastIndexOf("/") + 1);
}
