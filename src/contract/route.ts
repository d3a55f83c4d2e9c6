import type { ObjectSchema, Schema } from "./schema.js";

/**
 * Who may call a route: `open` anybody, `caller` an API key or a session token, `key` an API key alone,
 * `session` a session token alone.
 */
export type Access = "open" | "caller" | "key" | "session";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** What a route answers with: one JSON value, a page of a JSON array, text, or lines of JSON as they come. */
export type AnswerShape =
  | { readonly kind: "json"; readonly schema: Schema }
  | { readonly kind: "list"; readonly item: Schema }
  | { readonly kind: "ndjson"; readonly line: Schema }
  | { readonly kind: "text"; readonly mediaType: string };

/** One call of the contract. */
export interface Route {
  readonly method: Method;
  /** Path with its parameters in braces: `/agents/{agent_id}`. */
  readonly path: string;
  /** Other paths that mean the same. */
  readonly aliases?: readonly string[];
  readonly access: Access;
  readonly params?: ObjectSchema;
  readonly query?: ObjectSchema;
  readonly body?: ObjectSchema;
  readonly answer: AnswerShape;
}

/** Says that a value is a route and keeps its exact type. */
/* @__NO_SIDE_EFFECTS__ */ export function route<const R extends Route>(definition: R): R {
  return definition;
}
