import * as z from "zod/mini";
import * as agents from "./agents.js";
import { batchAnswerSchema, batchBodySchema } from "./batch.js";
import type { CommandMethod } from "./frames.js";
import * as games from "./games.js";
import { idSchema } from "./primitives.js";
import { type Route, type Schema, route } from "./route.js";
import { healthAnswerSchema, systemStatusAnswerSchema } from "./system.js";
import * as tasks from "./tasks.js";

const agentParams = z.object({ agent_id: idSchema });
const taskParams = z.object({ task_id: idSchema });
const sceneParams = z.object({ scene_id: idSchema });
const gameParams = z.object({ game_id: idSchema });

/** Every REST call of the contract, by name: the one list that server, client, documents and tests are built from. */
export const routes = {
  health: route({
    method: "GET",
    path: "/health",
    access: "open",
    answer: { kind: "json", schema: healthAnswerSchema },
  }),
  openapi: route({
    method: "GET",
    path: "/openapi.json",
    access: "open",
    answer: { kind: "text", mediaType: "application/json" },
  }),
  asyncapi: route({
    method: "GET",
    path: "/asyncapi.json",
    access: "open",
    answer: { kind: "text", mediaType: "application/json" },
  }),
  docs: route({
    method: "GET",
    path: "/docs",
    access: "open",
    answer: { kind: "text", mediaType: "text/html" },
  }),
  systemStatus: route({
    method: "GET",
    path: "/system/status",
    access: "caller",
    answer: { kind: "json", schema: systemStatusAnswerSchema },
  }),
  metrics: route({
    method: "GET",
    path: "/metrics",
    access: "caller",
    answer: { kind: "text", mediaType: "text/plain; version=0.0.4" },
  }),
  agentTypes: route({
    method: "GET",
    path: "/agents/types",
    access: "caller",
    answer: { kind: "json", schema: z.array(agents.agentTypeSchema) },
  }),
  agentList: route({
    method: "GET",
    path: "/agents",
    access: "caller",
    query: agents.agentListQuerySchema,
    answer: { kind: "list", item: agents.agentSchema },
  }),
  agentCreate: route({
    method: "POST",
    path: "/agents/create",
    access: "caller",
    body: agents.agentCreateBodySchema,
    answer: { kind: "json", schema: agents.agentCreateAnswerSchema },
  }),
  agentMoveMany: route({
    method: "PUT",
    path: "/agents/positions",
    access: "caller",
    body: agents.agentMoveManyBodySchema,
    answer: { kind: "json", schema: agents.agentMoveManyAnswerSchema },
  }),
  agentGet: route({
    method: "GET",
    path: "/agents/{agent_id}",
    access: "caller",
    params: agentParams,
    answer: { kind: "json", schema: agents.agentGetAnswerSchema },
  }),
  agentMove: route({
    method: "PUT",
    path: "/agents/{agent_id}/position",
    access: "caller",
    params: agentParams,
    body: agents.agentMoveBodySchema,
    answer: { kind: "json", schema: agents.agentMoveAnswerSchema },
  }),
  agentRemove: route({
    method: "DELETE",
    path: "/agents/{agent_id}",
    access: "caller",
    params: agentParams,
    answer: { kind: "json", schema: agents.agentRemoveAnswerSchema },
  }),
  taskAssign: route({
    method: "POST",
    path: "/tasks/assign",
    access: "caller",
    body: tasks.taskAssignBodySchema,
    answer: { kind: "json", schema: tasks.taskAssignAnswerSchema },
  }),
  teamAssign: route({
    method: "POST",
    path: "/tasks/assign/collaborative",
    access: "caller",
    body: tasks.teamAssignBodySchema,
    answer: { kind: "json", schema: tasks.teamAssignAnswerSchema },
  }),
  taskList: route({
    method: "GET",
    path: "/tasks",
    access: "caller",
    query: tasks.taskListQuerySchema,
    answer: { kind: "list", item: tasks.taskSchema },
  }),
  taskGet: route({
    method: "GET",
    path: "/tasks/{task_id}/status",
    aliases: ["/tasks/{task_id}"],
    access: "caller",
    params: taskParams,
    answer: { kind: "json", schema: tasks.taskStatusAnswerSchema },
  }),
  taskOutput: route({
    method: "GET",
    path: "/tasks/{task_id}/output",
    access: "caller",
    params: taskParams,
    query: tasks.taskOutputQuerySchema,
    answer: { kind: "ndjson", line: tasks.taskOutputLineSchema },
  }),
  taskCancel: route({
    method: "POST",
    path: "/tasks/{task_id}/cancel",
    access: "caller",
    params: taskParams,
    body: tasks.taskCancelBodySchema,
    answer: { kind: "json", schema: tasks.taskCancelAnswerSchema },
  }),
  gameConnect: route({
    method: "POST",
    path: "/game/connect",
    access: "key",
    body: games.gameConnectBodySchema,
    answer: { kind: "json", schema: games.gameConnectAnswerSchema },
  }),
  gameHeartbeat: route({
    method: "POST",
    path: "/game/heartbeat",
    access: "session",
    answer: { kind: "json", schema: games.gameHeartbeatAnswerSchema },
  }),
  gameDisconnect: route({
    method: "POST",
    path: "/game/disconnect",
    access: "session",
    answer: { kind: "json", schema: games.gameDisconnectAnswerSchema },
  }),
  sceneUpdate: route({
    method: "PUT",
    path: "/game/scene/{scene_id}",
    access: "caller",
    params: sceneParams,
    body: games.sceneBodySchema,
    answer: { kind: "json", schema: games.sceneAnswerSchema },
  }),
  gameAgents: route({
    method: "GET",
    path: "/game/agents/{game_id}",
    access: "caller",
    params: gameParams,
    answer: { kind: "json", schema: games.gameAgentsAnswerSchema },
  }),
  batch: route({
    method: "POST",
    path: "/batch",
    access: "caller",
    body: batchBodySchema,
    answer: { kind: "json", schema: batchAnswerSchema },
  }),
} as const satisfies Record<string, Route>;

/** The name of a call of the contract. */
export type RouteName = keyof typeof routes;

/** The names of all calls. */
export const ROUTE_NAMES: readonly RouteName[] = Object.keys(routes).filter((name): name is RouteName =>
  Object.hasOwn(routes, name),
);

/** The route whose call each command of the event stream makes. */
export const routeOfCommand = {
  "agents.move": "agentMove",
  "agents.moveMany": "agentMoveMany",
  "tasks.assign": "taskAssign",
  "tasks.assignTeam": "teamAssign",
  "tasks.cancel": "taskCancel",
} as const satisfies Record<CommandMethod, RouteName>;

type Part<N extends RouteName, K extends "params" | "query" | "body"> =
  (typeof routes)[N] extends Readonly<Record<K, infer S extends Schema>> ? S : never;

/** What a caller writes into the path of a route. */
export type ParamsOf<N extends RouteName> = z.input<Part<N, "params">>;
/** What a caller may ask in the query of a route. */
export type QueryOf<N extends RouteName> = z.output<Part<N, "query">>;
/** What a caller sends as the body of a route; parts with a default may be left out. */
export type BodyOf<N extends RouteName> = z.input<Part<N, "body">>;
/** The body of a route after validation, with its defaults. */
export type ParsedBodyOf<N extends RouteName> = z.output<Part<N, "body">>;

/** What a route answers with when it succeeds. */
export type AnswerOf<N extends RouteName> = (typeof routes)[N]["answer"] extends {
  readonly kind: "json";
  readonly schema: infer S extends Schema;
}
  ? z.output<S>
  : (typeof routes)[N]["answer"] extends { readonly kind: "list"; readonly item: infer S extends Schema }
    ? z.output<S>[]
    : (typeof routes)[N]["answer"] extends { readonly kind: "ndjson"; readonly line: infer S extends Schema }
      ? z.output<S>
      : string;
