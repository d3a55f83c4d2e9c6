interface ErrorCodeInfo {
  /** The HTTP status that carries the code. */
  readonly status: number;
  /** Whether the same call may succeed later without a change. */
  readonly retryable: boolean;
  /** What the caller can do about it. */
  readonly remediation: string;
}

/** Every error code that a server answers with, its HTTP status and its remedy. */
export const errorCodes = {
  malformed_json: {
    status: 400,
    retryable: false,
    remediation: "Send a body that is one JSON value, in UTF-8.",
  },
  unauthorized: {
    status: 401,
    retryable: false,
    remediation: "Send an API key in X-API-Key, or a session token in Authorization: Bearer.",
  },
  session_expired: {
    status: 401,
    retryable: false,
    remediation: "Connect the game again with POST /game/connect.",
  },
  forbidden: {
    status: 403,
    retryable: false,
    remediation:
      "Check that the key is one that this server was started with and that it may make this call.",
  },
  route_not_found: {
    status: 404,
    retryable: false,
    remediation: "Check the path; GET /openapi.json lists every route.",
  },
  agent_not_found: { status: 404, retryable: false, remediation: "List the agents with GET /agents." },
  task_not_found: { status: 404, retryable: false, remediation: "List the tasks with GET /tasks." },
  game_not_found: {
    status: 404,
    retryable: false,
    remediation: "Connect the game with POST /game/connect and use the game_id of its answer.",
  },
  scene_not_found: {
    status: 404,
    retryable: false,
    remediation: "Create the scene with PUT /game/scene/{scene_id}.",
  },
  no_changes: {
    status: 404,
    retryable: false,
    remediation: "GET /tasks/{task_id}/status tells in `changes` whether a task has changed something.",
  },
  worker_not_found: {
    status: 404,
    retryable: false,
    remediation: "Join with POST /workers: a worker that was silent for lease_seconds is forgotten.",
  },
  method_not_allowed: {
    status: 405,
    retryable: false,
    remediation: "Use one of the methods in the Allow header.",
  },
  agent_limit_reached: {
    status: 409,
    retryable: false,
    remediation: "Remove an agent with DELETE /agents/{agent_id}, or raise max_agents.",
  },
  agent_type_exists: {
    status: 409,
    retryable: false,
    remediation: "Choose another name for the type; GET /agents/types lists those that are taken.",
  },
  not_enough_idle_agents: {
    status: 409,
    retryable: true,
    remediation:
      "Wait for agents to finish, ask for a smaller team, remove agents that are not needed, or raise max_agents.",
  },
  storage_full: {
    status: 409,
    retryable: true,
    remediation:
      "Wait for tasks to end, cancel some, or remove agents; what is over is forgotten when room is needed.",
  },
  task_not_cancellable: {
    status: 409,
    retryable: false,
    remediation: "The task is over; read its result with GET /tasks/{task_id}/status.",
  },
  no_such_question: {
    status: 409,
    retryable: false,
    remediation: "GET /tasks/{task_id}/status tells in `question` what is asked now, if anything is.",
  },
  merge_conflict: {
    status: 409,
    retryable: false,
    remediation:
      "Nothing was changed; resolve the conflicts in the files that detail names, or discard the changes.",
  },
  already_reviewed: {
    status: 409,
    retryable: false,
    remediation: "The first review counts; GET /tasks/{task_id}/status tells it in `changes`.",
  },
  review_under_way: {
    status: 409,
    retryable: false,
    remediation: "Wait for the end of that review, then look at `changes` with GET /tasks/{task_id}/status.",
  },
  review_failed: {
    status: 409,
    retryable: false,
    remediation: "The changes are open as before; put right what the message says, then review again.",
  },
  no_such_review: {
    status: 409,
    retryable: false,
    remediation:
      "Stop: the review is over, or another worker's. Reviews that are wanted are told as `work.review`.",
  },
  attempt_over: {
    status: 409,
    retryable: false,
    remediation: "Stop this work: the task is over, or was given to another worker. Claim the next one.",
  },
  idempotency_conflict: {
    status: 409,
    retryable: false,
    remediation: "Use a new Idempotency-Key for a new request.",
  },
  payload_too_large: {
    status: 413,
    retryable: false,
    remediation: "Send at most 1 MiB and 20,000 values in one request body.",
  },
  unsupported_media_type: {
    status: 415,
    retryable: false,
    remediation: "Send Content-Type: application/json, and no Content-Encoding other than gzip.",
  },
  invalid_request: {
    status: 422,
    retryable: false,
    remediation: "Correct the fields that detail names.",
  },
  rate_limited: {
    status: 429,
    retryable: true,
    remediation: "Wait as long as Retry-After says; send positions and calls in batches.",
  },
  internal: {
    status: 500,
    retryable: true,
    remediation: "Try again; if it stays, report it with the request id.",
  },
  review_timeout: {
    status: 504,
    retryable: false,
    remediation:
      "The changes are open as before; see why whoever reviews says nothing, then give the same verdict again.",
  },
  unavailable: {
    status: 503,
    retryable: true,
    remediation: "Wait as long as Retry-After says, then try again.",
  },
} as const satisfies Record<string, ErrorCodeInfo>;

/** A code that a server of this contract answers with. */
export type ErrorCode = keyof typeof errorCodes;

/** Whether `code` is one of the contract's error codes. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCodes, code);
}
