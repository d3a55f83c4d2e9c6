import type { Input, Output, Schema } from "./schema.js";
import { namesOf } from "./names-of.js";
import type { Route } from "./route.js";
import { agentTypeRoutes } from "./routes/agent-types.js";
import { agentRoutes } from "./routes/agents.js";
import { analyticsRoutes } from "./routes/analytics.js";
import { batchRoutes } from "./routes/batch.js";
import { gameRoutes } from "./routes/game.js";
import { sceneRoutes } from "./routes/scenes.js";
import { serverRoutes } from "./routes/server.js";
import { sessionRoutes } from "./routes/session.js";
import { taskWorkRoutes } from "./routes/task-work.js";
import { taskOutputRoutes } from "./routes/task-output.js";
import { taskRoutes } from "./routes/tasks.js";
import { workerRoutes } from "./routes/workers.js";

// A marked call, so that a bundle which does not use all of them drops this: a spread counts as a side effect.
/** The calls of those who play and look on, by name. */
export const playRoutes = /* @__PURE__ */ (({ agentTypes, ...agents }, { taskCancel, ...startedTasks }) => ({
  ...serverRoutes,
  agentTypes,
  ...agentTypeRoutes,
  ...agents,
  ...startedTasks,
  ...taskOutputRoutes,
  ...taskWorkRoutes,
  taskCancel,
  ...sessionRoutes,
  ...sceneRoutes,
  ...gameRoutes,
  ...analyticsRoutes,
  ...batchRoutes,
}))(agentRoutes, taskRoutes) satisfies Record<string, Route>;

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
