import type { ErrorCode } from "./errors.js";
import type { RouteName } from "./routes.js";

/** What documents say of a call; it stands apart from the routes so that no page has to load it. */
export interface RouteNote {
  readonly tag: "system" | "agents" | "tasks" | "workers" | "game" | "analytics";
  readonly summary: string;
  /** Codes of its own, beside those that any call can answer with. */
  readonly errors: readonly ErrorCode[];
}

/** A note for every call of the contract. */
export const routeNotes: Readonly<Record<RouteName, RouteNote>> = {
  health: { tag: "system", summary: "Tell whether the server is well.", errors: [] },
  openapi: { tag: "system", summary: "Describe every call as OpenAPI 3.1.", errors: [] },
  asyncapi: { tag: "system", summary: "Describe the event stream as AsyncAPI 3.", errors: [] },
  docs: { tag: "system", summary: "Show the calls as a page to read.", errors: [] },
  systemStatus: {
    tag: "system",
    summary: "Tell how many agents, tasks, sessions and requests the server has, and how fast it answers.",
    errors: [],
  },
  metrics: { tag: "system", summary: "Tell the same numbers in Prometheus's text format.", errors: [] },
  agentTypes: { tag: "agents", summary: "List the types of agent that can be created.", errors: [] },
  agentTypeCreate: {
    tag: "agents",
    summary: "Add a type of agent; it stays until the server is started anew.",
    errors: ["agent_type_exists"],
  },
  agentList: { tag: "agents", summary: "List agents, oldest first.", errors: ["game_not_found"] },
  agentCreate: {
    tag: "agents",
    summary: "Create an agent.",
    errors: ["agent_limit_reached", "storage_full", "game_not_found", "scene_not_found"],
  },
  agentMoveMany: { tag: "agents", summary: "Move many agents; each update stands alone.", errors: [] },
  agentGet: { tag: "agents", summary: "Tell how an agent is now.", errors: ["agent_not_found"] },
  agentMove: {
    tag: "agents",
    summary: "Move one agent; a move that comes in behind a newer one of the same client is not applied.",
    errors: ["agent_not_found", "scene_not_found"],
  },
  agentRemove: {
    tag: "agents",
    summary: "Remove an agent; its running task is cancelled first.",
    errors: ["agent_not_found"],
  },
  taskAssign: {
    tag: "tasks",
    summary: "Give a task to an agent, or to the best idle one for that kind of work.",
    errors: ["agent_not_found", "task_not_found", "storage_full"],
  },
  teamAssign: {
    tag: "tasks",
    summary:
      "Give one piece of work to a team of agents that fit together; those that lack are created while there is room.",
    errors: ["not_enough_idle_agents", "storage_full"],
  },
  taskList: { tag: "tasks", summary: "List tasks, oldest first.", errors: ["game_not_found"] },
  taskGet: {
    tag: "tasks",
    summary: "Tell how a task stands, and its result when it is over.",
    errors: ["task_not_found"],
  },
  taskOutput: {
    tag: "tasks",
    summary: "Read a task's output as it is written, from a byte offset on.",
    errors: ["task_not_found"],
  },
  taskAnswer: {
    tag: "tasks",
    summary:
      "Answer the open question of a task with one of its options, or with words; the first answer counts.",
    errors: ["task_not_found", "no_such_question"],
  },
  taskDiff: {
    tag: "tasks",
    summary: "Read what a task has changed, as a unified diff.",
    errors: ["task_not_found", "no_changes"],
  },
  taskReview: {
    tag: "tasks",
    summary:
      "Accept or discard what a task has changed; the first review counts, and one that conflicts changes nothing.",
    errors: [
      "task_not_found",
      "no_changes",
      "merge_conflict",
      "already_reviewed",
      "review_under_way",
      "review_failed",
      "review_timeout",
    ],
  },
  taskCancel: {
    tag: "tasks",
    summary: "Cancel a task that is not over.",
    errors: ["task_not_found", "task_not_cancellable"],
  },
  gameConnect: {
    tag: "game",
    summary: "Open a session for a game and get its token.",
    errors: ["storage_full"],
  },
  gameHeartbeat: {
    tag: "game",
    summary: "Keep the session alive; any call with its token does the same.",
    errors: [],
  },
  gameDisconnect: {
    tag: "game",
    summary:
      "End the session; its token stops working. A game that nobody is in loses its agents a while later.",
    errors: [],
  },
  sceneUpdate: {
    tag: "game",
    summary: "Describe a scene of a game.",
    errors: ["game_not_found", "storage_full"],
  },
  gameAgents: {
    tag: "game",
    summary: "Tell all of a game's agents at one place of the event stream.",
    errors: ["game_not_found"],
  },
  analyticsEvents: {
    tag: "analytics",
    summary: "Report what a client has measured: calls, tasks, interactions, its connection.",
    errors: [],
  },
  analyticsSummary: {
    tag: "analytics",
    summary: "Tell what all reports come to, or those of one game.",
    errors: ["game_not_found"],
  },
  workerList: { tag: "workers", summary: "List those who do the work on tasks.", errors: [] },
  workerJoin: {
    tag: "workers",
    summary: "Begin to do the work on tasks of agents of some types.",
    errors: [],
  },
  workerClaim: {
    tag: "workers",
    summary: "Take tasks, or wait until there is one; their work begins with it.",
    errors: ["worker_not_found"],
  },
  workerObserve: {
    tag: "workers",
    summary:
      "Show sessions that somebody runs elsewhere: each is an agent, and each of its turns a task of the worker's. One that is not named has ended.",
    errors: ["worker_not_found"],
  },
  workerLeave: {
    tag: "workers",
    summary: "Stop; the tasks that the worker has go to others.",
    errors: ["worker_not_found"],
  },
  taskReport: {
    tag: "workers",
    summary: "Tell how the work on a task goes, in numbered reports; any is a sign of life.",
    errors: ["task_not_found", "attempt_over"],
  },
  taskFinish: {
    tag: "workers",
    summary: "Tell what a task came to.",
    errors: ["task_not_found", "attempt_over"],
  },
  taskReviewed: {
    tag: "workers",
    summary:
      "Tell what came of a review that the worker was asked for: it is done, files conflict, or it failed.",
    errors: ["task_not_found", "no_such_review"],
  },
  batch: { tag: "system", summary: "Make many calls in one request; each stands alone.", errors: [] },
};
