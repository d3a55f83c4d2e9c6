import * as z from "zod/mini";
import * as agents from "./agents.js";
import { batchAnswerSchema, batchBodySchema } from "./batch.js";
import type { ErrorCode } from "./errors.js";
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
    tag: "system",
    summary: "Tell whether the server is well.",
    answer: { kind: "json", schema: healthAnswerSchema },
    errors: [],
  }),
  openapi: route({
    method: "GET",
    path: "/openapi.json",
    access: "open",
    tag: "system",
    summary: "Describe every call as OpenAPI 3.1.",
    answer: { kind: "text", mediaType: "application/json" },
    errors: [],
  }),
  asyncapi: route({
    method: "GET",
    path: "/asyncapi.json",
    access: "open",
    tag: "system",
    summary: "Describe the event stream as AsyncAPI 3.",
    answer: { kind: "text", mediaType: "application/json" },
    errors: [],
  }),
  docs: route({
    method: "GET",
    path: "/docs",
    access: "open",
    tag: "system",
    summary: "Show the calls as a page to read.",
    answer: { kind: "text", mediaType: "text/html" },
    errors: [],
  }),
  systemStatus: route({
    method: "GET",
    path: "/system/status",
    access: "caller",
    tag: "system",
    summary: "Tell how many agents, tasks, sessions and requests the server has, and how fast it answers.",
    answer: { kind: "json", schema: systemStatusAnswerSchema },
    errors: [],
  }),
  metrics: route({
    method: "GET",
    path: "/metrics",
    access: "caller",
    tag: "system",
    summary: "Tell the same numbers in Prometheus's text format.",
    answer: { kind: "text", mediaType: "text/plain; version=0.0.4" },
    errors: [],
  }),
  agentTypes: route({
    method: "GET",
    path: "/agents/types",
    access: "caller",
    tag: "agents",
    summary: "List the types of agent that can be created.",
    answer: { kind: "json", schema: z.array(agents.agentTypeSchema) },
    errors: [],
  }),
  agentList: route({
    method: "GET",
    path: "/agents",
    access: "caller",
    tag: "agents",
    summary: "List agents, oldest first.",
    query: agents.agentListQuerySchema,
    answer: { kind: "list", item: agents.agentSchema },
    errors: ["game_not_found"],
  }),
  agentCreate: route({
    method: "POST",
    path: "/agents/create",
    access: "caller",
    tag: "agents",
    summary: "Create an agent.",
    body: agents.agentCreateBodySchema,
    answer: { kind: "json", schema: agents.agentCreateAnswerSchema },
    errors: ["agent_limit_reached", "game_not_found", "scene_not_found"],
  }),
  agentMoveMany: route({
    method: "PUT",
    path: "/agents/positions",
    access: "caller",
    tag: "agents",
    summary: "Move many agents; each update stands alone.",
    body: agents.agentMoveManyBodySchema,
    answer: { kind: "json", schema: agents.agentMoveManyAnswerSchema },
    errors: [],
  }),
  agentGet: route({
    method: "GET",
    path: "/agents/{agent_id}",
    access: "caller",
    tag: "agents",
    summary: "Tell how an agent is now.",
    params: agentParams,
    answer: { kind: "json", schema: agents.agentGetAnswerSchema },
    errors: ["agent_not_found"],
  }),
  agentMove: route({
    method: "PUT",
    path: "/agents/{agent_id}/position",
    access: "caller",
    tag: "agents",
    summary: "Move one agent; a move with an older sequence than the last is not applied.",
    params: agentParams,
    body: agents.agentMoveBodySchema,
    answer: { kind: "json", schema: agents.agentMoveAnswerSchema },
    errors: ["agent_not_found", "scene_not_found"],
  }),
  agentRemove: route({
    method: "DELETE",
    path: "/agents/{agent_id}",
    access: "caller",
    tag: "agents",
    summary: "Remove an agent; its running task is cancelled first.",
    params: agentParams,
    answer: { kind: "json", schema: agents.agentRemoveAnswerSchema },
    errors: ["agent_not_found"],
  }),
  taskAssign: route({
    method: "POST",
    path: "/tasks/assign",
    access: "caller",
    tag: "tasks",
    summary: "Give a task to an agent, or to the best idle one for that kind of work.",
    body: tasks.taskAssignBodySchema,
    answer: { kind: "json", schema: tasks.taskAssignAnswerSchema },
    errors: ["agent_not_found"],
  }),
  teamAssign: route({
    method: "POST",
    path: "/tasks/assign/collaborative",
    access: "caller",
    tag: "tasks",
    summary: "Give one piece of work to a team of agents that fit together.",
    body: tasks.teamAssignBodySchema,
    answer: { kind: "json", schema: tasks.teamAssignAnswerSchema },
    errors: ["not_enough_idle_agents"],
  }),
  taskList: route({
    method: "GET",
    path: "/tasks",
    access: "caller",
    tag: "tasks",
    summary: "List tasks, oldest first.",
    query: tasks.taskListQuerySchema,
    answer: { kind: "list", item: tasks.taskSchema },
    errors: ["game_not_found"],
  }),
  taskGet: route({
    method: "GET",
    path: "/tasks/{task_id}/status",
    aliases: ["/tasks/{task_id}"],
    access: "caller",
    tag: "tasks",
    summary: "Tell how a task stands, and its result when it is over.",
    params: taskParams,
    answer: { kind: "json", schema: tasks.taskStatusAnswerSchema },
    errors: ["task_not_found"],
  }),
  taskOutput: route({
    method: "GET",
    path: "/tasks/{task_id}/output",
    access: "caller",
    tag: "tasks",
    summary: "Read a task's output as it is written, from a byte offset on.",
    params: taskParams,
    query: tasks.taskOutputQuerySchema,
    answer: { kind: "ndjson", line: tasks.taskOutputLineSchema },
    errors: ["task_not_found"],
  }),
  taskCancel: route({
    method: "POST",
    path: "/tasks/{task_id}/cancel",
    access: "caller",
    tag: "tasks",
    summary: "Cancel a task that is not over.",
    params: taskParams,
    body: tasks.taskCancelBodySchema,
    answer: { kind: "json", schema: tasks.taskCancelAnswerSchema },
    errors: ["task_not_found", "task_not_cancellable"],
  }),
  gameConnect: route({
    method: "POST",
    path: "/game/connect",
    access: "key",
    tag: "game",
    summary: "Open a session for a game and get its token.",
    body: games.gameConnectBodySchema,
    answer: { kind: "json", schema: games.gameConnectAnswerSchema },
    errors: [],
  }),
  gameHeartbeat: route({
    method: "POST",
    path: "/game/heartbeat",
    access: "session",
    tag: "game",
    summary: "Keep the session alive; any call with its token does the same.",
    answer: { kind: "json", schema: games.gameHeartbeatAnswerSchema },
    errors: [],
  }),
  gameDisconnect: route({
    method: "POST",
    path: "/game/disconnect",
    access: "session",
    tag: "game",
    summary: "End the session; its token stops working.",
    answer: { kind: "json", schema: games.gameDisconnectAnswerSchema },
    errors: [],
  }),
  sceneUpdate: route({
    method: "PUT",
    path: "/game/scene/{scene_id}",
    access: "caller",
    tag: "game",
    summary: "Describe a scene of a game.",
    params: sceneParams,
    body: games.sceneBodySchema,
    answer: { kind: "json", schema: games.sceneAnswerSchema },
    errors: ["game_not_found"],
  }),
  gameAgents: route({
    method: "GET",
    path: "/game/agents/{game_id}",
    access: "caller",
    tag: "game",
    summary: "Tell all of a game's agents at one place of the event stream.",
    params: gameParams,
    answer: { kind: "json", schema: games.gameAgentsAnswerSchema },
    errors: ["game_not_found"],
  }),
  batch: route({
    method: "POST",
    path: "/batch",
    access: "caller",
    tag: "system",
    summary: "Make many calls in one request; each stands alone.",
    body: batchBodySchema,
    answer: { kind: "json", schema: batchAnswerSchema },
    errors: [],
  }),
} as const satisfies Record<string, Route>;

/** The name of a call of the contract. */
export type RouteName = keyof typeof routes;

/** The names of all calls. */
export const ROUTE_NAMES: readonly RouteName[] = Object.keys(routes).filter((name): name is RouteName =>
  Object.hasOwn(routes, name),
);

/** Codes that any route with this access, method and body can answer with, its own included. */
export function errorsOf(name: RouteName): ErrorCode[] {
  const definition: Route = routes[name];
  const codes = new Set<ErrorCode>(definition.errors);
  if (definition.access !== "open")
    codes.add("unauthorized").add("session_expired").add("forbidden").add("rate_limited");
  if (definition.params || definition.query || definition.body) codes.add("invalid_request");
  if (definition.method === "POST" || definition.method === "PUT")
    codes.add("malformed_json").add("payload_too_large").add("unsupported_media_type");
  if (definition.method === "POST") codes.add("idempotency_conflict");
  return [...codes.add("internal").add("unavailable")];
}

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
