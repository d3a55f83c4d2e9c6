import type { Input, Output, Schema } from "./schema.js";
import { namesOf } from "./names-of.js";
import type { Route } from "./route.js";
import { playRoutes } from "./play-routes.js";
import { workerRoutes } from "./routes/workers.js";

export { playRoutes } from "./play-routes.js";

/** Every REST call of the contract, by name: the one list that server, client, documents and tests are built from. */
export const routes = /* @__PURE__ */ (() => ({ ...playRoutes, ...workerRoutes }))() satisfies Record<
  string,
  Route
>;

/** The name of a call of the contract. */
export type RouteName = keyof typeof routes;

/** The name of a call of those who play and look on. */
export type PlayRouteName = keyof typeof playRoutes;

/** The names of all calls. */
export const ROUTE_NAMES: readonly RouteName[] = /* @__PURE__ */ namesOf(routes, (name): name is RouteName =>
  Object.hasOwn(routes, name),
);

type Part<N extends RouteName, K extends "params" | "query" | "body"> =
  (typeof routes)[N] extends Readonly<Record<K, infer S extends Schema>> ? S : never;

/** What a caller writes into the path of a route. */
export type ParamsOf<N extends RouteName> = Input<Part<N, "params">>;
/** What a caller may ask in the query of a route. */
export type QueryOf<N extends RouteName> = Output<Part<N, "query">>;
/** What a caller sends as the body of a route; parts with a default may be left out. */
export type BodyOf<N extends RouteName> = Input<Part<N, "body">>;
/** The body of a route after validation, with its defaults. */
export type ParsedBodyOf<N extends RouteName> = Output<Part<N, "body">>;

/** What a route answers with when it succeeds. */
export type AnswerOf<N extends RouteName> = (typeof routes)[N]["answer"] extends {
  readonly kind: "json";
  readonly schema: infer S extends Schema;
}
  ? Output<S>
  : (typeof routes)[N]["answer"] extends { readonly kind: "list"; readonly item: infer S extends Schema }
    ? Output<S>[]
    : (typeof routes)[N]["answer"] extends { readonly kind: "ndjson"; readonly line: infer S extends Schema }
      ? Output<S>
      : string;
