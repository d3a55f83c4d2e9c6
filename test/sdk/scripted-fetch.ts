import { DEFAULT_LIMITS } from "../../src/contract/index.js";
import type { Fetch } from "../../src/index.js";

/** One request as the scripted `fetch` saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** The address of whatever `fetch` was called with. */
export function urlOf(input: RequestInfo | URL): string {
  return input instanceof Request ? input.url : input.toString();
}

/** What the script does with a request. */
export type Act = (request: SeenRequest, signal: AbortSignal | null) => Response | Promise<Response>;

/** A `fetch` that plays a script, one act a request, the last one again and again. */
export interface ScriptedFetch {
  readonly fetch: Fetch;
  readonly seen: SeenRequest[];
}

export function scriptedFetch(...acts: readonly Act[]): ScriptedFetch {
  const seen: SeenRequest[] = [];
  return {
    seen,
    fetch: async (input, init) => {
      const body = init?.body;
      const request: SeenRequest = {
        method: init?.method ?? "GET",
        url: urlOf(input),
        headers: new Headers(init?.headers),
        body: typeof body === "string" ? JSON.parse(body) : null,
      };
      const act = acts[Math.min(seen.length, acts.length - 1)];
      seen.push(request);
      if (act === undefined) throw new Error("The script is empty.");
      return await act(request, init?.signal ?? null);
    },
  };
}

/** Answers with a JSON body. */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Act {
  return () =>
    new Response(JSON.stringify(value), {
      status,
      headers: { "content-type": "application/json", ...headers },
    });
}

/** Answers with a text as it is. */
export function text(body: string, status = 200, headers: Record<string, string> = {}): Act {
  return () => new Response(body, { status, headers });
}

/** Fails as `fetch` does when nobody listens. */
export const refused: Act = () => {
  throw new TypeError("fetch failed", {
    cause: Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:9"), { code: "ECONNREFUSED" }),
  });
};

/** Fails as `fetch` does when the connection breaks. */
export const cut: Act = () => {
  throw new TypeError("fetch failed", {
    cause: Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" }),
  });
};

/** Never answers; ends as `fetch` does when its signal says so. */
export const hang: Act = (_request, signal) =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener("abort", () =>
      reject(new DOMException("This operation was aborted", "AbortError")),
    );
  });

/** An error body of the contract. */
export function failure(code: string, status: number, headers: Record<string, string> = {}): Act {
  const body = {
    success: false,
    code,
    error: `It is ${code}.`,
    detail: null,
    request_id: "request_1",
    remediation: `Undo ${code}.`,
  };
  return json(body, status, headers);
}

/** An agent as servers tell it. */
export const someAgent = {
  id: "agent_1",
  type: "aider",
  name: "Aider",
  description: "Multi-file coding specialist",
  color: "#0066CC",
  personality: {
    friendliness: 0.7,
    efficiency: 0.95,
    creativity: 0.6,
    talkativeness: 0.4,
    collaboration: 0.8,
  },
  position: { x: 0, y: 0, z: 0 },
  scene_id: null,
  game_id: null,
  state: "idle",
  capabilities: ["refactoring"],
  current_task_id: null,
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-01T00:00:00.000Z",
  metadata: {},
  parent_agent_id: null,
} as const;

export const agentAnswer = { success: true, agent: someAgent };

/** The answer of `POST /game/connect`, which also fits that of a heartbeat. */
export const connectAnswer = {
  success: true,
  game_id: "game_1",
  session_id: "session_1",
  session_token: "token_1",
  expires_at: "2026-01-01T01:00:00.000Z",
  heartbeat_seconds: 60,
  websocket_url: "ws://localhost:8000/ws",
  limits: DEFAULT_LIMITS,
  server: { name: "scripted", version: "0", features: [] },
  message: "",
} as const;

/** A task as servers tell it. */
export const someTask = {
  agent_id: "agent_1",
  team_id: null,
  game_id: null,
  prompt: "Fix the jump",
  task_type: "debugging",
  priority: 1,
  timeout: 600,
  status: "running",
  progress: 0,
  message: "",
  result: null,
  metadata: {},
  created_at: "2026-01-01T00:00:00.000Z",
  started_at: null,
  completed_at: null,
} as const;

export const someResult = {
  success: true,
  output: "Done.",
  error: null,
  execution_time: 3,
  completed_at: "2026-01-01T00:00:03.000Z",
  changes: null,
  usage: null,
} as const;

/** The answer of `GET /tasks/{task_id}/status`. */
export function taskAnswer(changes: object = {}): object {
  return { success: true, task_id: "task_1", ...someTask, ...changes };
}
