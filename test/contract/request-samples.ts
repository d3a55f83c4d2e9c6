import type { RouteName } from "../../src/contract/index.js";

/** What a call's body may be and may not be. */
interface Samples {
  readonly good: readonly unknown[];
  /** Each refused body with the place that the refusal must name. */
  readonly bad: readonly (readonly [body: unknown, place: string])[];
}

const traits = {
  friendliness: 0,
  efficiency: 0.5,
  creativity: 1,
  talkativeness: 0.25,
  collaboration: 0.75,
};
const at = "2026-01-01T00:00:00.000Z";
const here = { x: 1, y: 2, z: 3 };
const request = { id: "a", method: "GET", path: "/agents" };

/** Samples for every call that takes a body. */
export const bodySamples = {
  analyticsEvents: {
    good: [
      {
        events: [
          { type: "call", at, call: "GET /agents", duration_ms: 0, retries: 3, error: "timeout" },
          {
            type: "task",
            at,
            task_type: null,
            agent_type: null,
            status: "cancelled",
            duration_seconds: null,
          },
          { type: "interaction", at, agent_id: "agent_1", agent_type: null, kind: "talk" },
          { type: "connection", at, status: "live", reason: null },
        ],
      },
    ],
    bad: [
      [{}, "body.events"],
      [{ events: [] }, "body.events"],
      [{ events: [{ type: "wish", at }] }, "body.events.0.type"],
      [{ events: [{ type: "connection", at: "now", status: "live", reason: null }] }, "body.events.0.at"],
      [{ events: [{ type: "connection", at, status: "live" }] }, "body.events.0.reason"],
    ],
  },
  agentTypeCreate: {
    good: [
      { type: "tester", name: "Tester" },
      {
        type: "tester",
        name: "Tester",
        description: "Plays until it breaks",
        color: "#AA1155",
        personality: traits,
        capabilities: ["testing"],
      },
      { type: "tester", name: "Tester", capabilities: [] },
    ],
    bad: [
      [{ type: "tester" }, "body.name"],
      [{ name: "Tester" }, "body.type"],
      [{ type: "two words", name: "Tester" }, "body.type"],
      [{ type: "tester", name: "x".repeat(81) }, "body.name"],
      [{ type: "tester", name: "Tester", description: "x".repeat(281) }, "body.description"],
      [{ type: "tester", name: "Tester", color: "#abc" }, "body.color"],
      [
        { type: "tester", name: "Tester", personality: { ...traits, efficiency: -0.1 } },
        "body.personality.efficiency",
      ],
      [{ type: "tester", name: "Tester", personality: { ...traits, luck: 1 } }, "body.personality.luck"],
      [{ type: "tester", name: "Tester", capabilities: "testing" }, "body.capabilities"],
      [
        { type: "tester", name: "Tester", capabilities: Array.from({ length: 33 }, () => "a") },
        "body.capabilities",
      ],
      [{ type: "tester", name: "Tester", colour: "#AA1155" }, "body.colour"],
    ],
  },
  agentCreate: {
    good: [
      { agent_type: "aider" },
      {
        agent_type: "claude",
        name: "Ada",
        position: here,
        game_id: "g",
        scene_id: "s",
        metadata: { hat: [1] },
      },
    ],
    bad: [
      [{}, "body.agent_type"],
      [{ agent_type: 7 }, "body.agent_type"],
      [{ agent_type: "two words" }, "body.agent_type"],
      [{ agent_type: "aider", name: " " }, "body.name"],
      [{ agent_type: "aider", name: "x".repeat(81) }, "body.name"],
      [{ agent_type: "aider", position: { x: 0, y: 0 } }, "body.position.z"],
      [{ agent_type: "aider", position: { ...here, x: 100_001 } }, "body.position.x"],
      [{ agent_type: "aider", game_id: "a/b" }, "body.game_id"],
      [{ agent_type: "aider", metadata: [] }, "body.metadata"],
      [{ agent_type: "aider", agentType: "x" }, "body.agentType"],
      [[], "body"],
      [null, "body"],
      ["aider", "body"],
    ],
  },
  agentMove: {
    good: [{ position: here }, { position: here, scene_id: "s", sequence: 0 }],
    bad: [
      [{}, "body.position"],
      [{ position: here, sequence: -1 }, "body.sequence"],
      [{ position: here, sequence: 1.5 }, "body.sequence"],
      [{ position: { ...here, w: 0 } }, "body.position.w"],
    ],
  },
  agentMoveMany: {
    good: [{ updates: [{ agent_id: "a", position: here }] }],
    bad: [
      [{}, "body.updates"],
      [{ updates: [] }, "body.updates"],
      [{ updates: Array.from({ length: 1_001 }, () => ({ agent_id: "a", position: here })) }, "body.updates"],
      [{ updates: [{ position: here }] }, "body.updates.0.agent_id"],
      [{ updates: [{ agent_id: "a", position: here }, { agent_id: "a" }] }, "body.updates.1.position"],
    ],
  },
  taskAssign: {
    good: [
      { prompt: "Fix it" },
      {
        prompt: "Fix it",
        agent_id: "a",
        task_type: "debugging",
        preferred_type: "aider",
        priority: 0,
        timeout: 0.5,
      },
      { prompt: "Fix it", priority: 100, timeout: 86_400, metadata: {} },
    ],
    bad: [
      [{}, "body.prompt"],
      [{ prompt: "" }, "body.prompt"],
      [{ prompt: " \n " }, "body.prompt"],
      [{ prompt: 7 }, "body.prompt"],
      [{ prompt: "x", priority: 101 }, "body.priority"],
      [{ prompt: "x", priority: 0.5 }, "body.priority"],
      [{ prompt: "x", timeout: 0 }, "body.timeout"],
      [{ prompt: "x", timeout: 86_401 }, "body.timeout"],
      [{ prompt: "x", agent_id: null }, "body.agent_id"],
      [{ prompt: "x", agentid: "a" }, "body.agentid"],
    ],
  },
  teamAssign: {
    good: [
      { prompt: "Build it", team_size: 2 },
      { prompt: "Build it", team_size: 10, preferred_types: ["aider", "claude"] },
    ],
    bad: [
      [{ prompt: "x" }, "body.team_size"],
      [{ prompt: "x", team_size: 1 }, "body.team_size"],
      [{ prompt: "x", team_size: 11 }, "body.team_size"],
      [{ prompt: "x", team_size: 2.5 }, "body.team_size"],
      [{ prompt: "x", team_size: 2, preferred_types: ["two words"] }, "body.preferred_types.0"],
      [{ team_size: 2 }, "body.prompt"],
    ],
  },
  taskAnswer: {
    good: [
      { question_id: "q", choice: "allow" },
      { question_id: "q", text: "" },
      { question_id: "q", text: "x".repeat(4_000) },
      { question_id: "q" },
    ],
    bad: [
      [{ choice: "allow" }, "body.question_id"],
      [{ question_id: "q", choice: "two words" }, "body.choice"],
      [{ question_id: "q", text: "x".repeat(4_001) }, "body.text"],
      [{ question_id: "q", text: null }, "body.text"],
      [{ question_id: "q", answer: "allow" }, "body.answer"],
    ],
  },
  taskReview: {
    good: [{ verdict: "accept" }, { verdict: "discard", message: "Too much of it" }],
    bad: [
      [{}, "body.verdict"],
      [{ verdict: "accepted" }, "body.verdict"],
      [{ verdict: "accept", message: "x".repeat(1_001) }, "body.message"],
      [{ verdict: "accept", why: "x" }, "body.why"],
    ],
  },
  taskCancel: {
    good: [{}, { reason: "" }, { reason: "Too slow" }],
    bad: [
      [{ reason: "x".repeat(1_001) }, "body.reason"],
      [{ reason: null }, "body.reason"],
      [{ why: "x" }, "body.why"],
    ],
  },
  gameConnect: {
    good: [
      {},
      { game_name: "My game", game_id: "g", engine: "godot", engine_version: "4.3", sdk_version: "0.1.0" },
    ],
    bad: [
      [{ game_name: "" }, "body.game_name"],
      [{ game_id: "a b" }, "body.game_id"],
      [{ token: "x" }, "body.token"],
    ],
  },
  sceneUpdate: {
    good: [
      { game_id: "g" },
      {
        game_id: "g",
        name: "Office",
        bounds: { min: here, max: here },
        spawn_points: [here],
        workspaces: [],
      },
    ],
    bad: [
      [{}, "body.game_id"],
      [{ game_id: "g", bounds: { min: here } }, "body.bounds.max"],
      [{ game_id: "g", workspaces: [{ id: "desk" }] }, "body.workspaces.0.position"],
      [{ game_id: "g", spawn_points: Array.from({ length: 1_001 }, () => here) }, "body.spawn_points"],
    ],
  },
  workerJoin: {
    good: [
      { name: "desk-1", agent_types: ["*"] },
      { name: "d", agent_types: ["aider", "claude"], slots: 64, version: "1.0", labels: { zone: "north" } },
    ],
    bad: [
      [{ agent_types: ["*"] }, "body.name"],
      [{ name: "d", agent_types: [] }, "body.agent_types"],
      [{ name: "d", agent_types: ["**"] }, "body.agent_types.0"],
      [{ name: "d", agent_types: ["*"], slots: 65 }, "body.slots"],
    ],
  },
  workerClaim: {
    good: [{}, { slots: 2, wait_ms: 30_000 }],
    bad: [
      [{ slots: 0 }, "body.slots"],
      [{ wait_ms: 30_001 }, "body.wait_ms"],
    ],
  },
  workerObserve: {
    good: [
      { sessions: [] },
      { sessions: [{ session: "s", agent_type: "claude", name: "game" }], game_id: "game_1" },
      { sessions: [{ session: "s", agent_type: "claude", name: "g", turn: { number: 1, prompt: "Go" } }] },
    ],
    bad: [
      [{}, "body.sessions"],
      [{ sessions: [{ session: "s", agent_type: "claude" }] }, "body.sessions.0.name"],
      [
        { sessions: [{ session: "s", agent_type: "c", name: "g", turn: { prompt: "Go" } }] },
        "body.sessions.0.turn.number",
      ],
    ],
  },
  taskReport: {
    good: [
      { attempt: 1, number: 1, reports: [] },
      {
        attempt: 2,
        number: 9,
        reports: [{ state: "coding" }, { output: { stream: "stdout", text: "x" } }],
      },
    ],
    bad: [
      [{ attempt: 0, number: 1, reports: [] }, "body.attempt"],
      [{ attempt: 1, number: 1 }, "body.reports"],
      [{ attempt: 1, number: 1, reports: [{}] }, "body.reports.0"],
    ],
  },
  taskFinish: {
    good: [
      { attempt: 1, success: true },
      { attempt: 1, success: false, error: { code: "tests_failed", message: "3 tests fail." } },
    ],
    bad: [
      [{ attempt: 1 }, "body.success"],
      [{ attempt: 1, success: false, error: { code: "two words", message: "a" } }, "body.error.code"],
    ],
  },
  taskReviewed: {
    good: [
      { review_id: "review_1" },
      { review_id: "review_1", conflicts: ["src/player.ts"] },
      { review_id: "review_1", error: { message: "git is broken." } },
    ],
    bad: [
      [{}, "body.review_id"],
      [{ review_id: "review_1", conflicts: [""] }, "body.conflicts.0"],
      [{ review_id: "review_1", conflicts: "src/player.ts" }, "body.conflicts"],
      [{ review_id: "review_1", error: "broken" }, "body.error"],
      [{ review_id: "review_1", verdict: "accept" }, "body.verdict"],
    ],
  },
  batch: {
    good: [
      { requests: [request] },
      { requests: [{ ...request, method: "POST", body: { anything: [null] }, idempotency_key: "k" }] },
    ],
    bad: [
      [{ requests: [] }, "body.requests"],
      [{ requests: Array.from({ length: 101 }, () => request) }, "body.requests"],
      [{ requests: [{ ...request, path: "agents" }] }, "body.requests.0.path"],
      [{ requests: [{ ...request, path: "//evil.example" }] }, "body.requests.0.path"],
      [{ requests: [{ ...request, method: "PATCH" }] }, "body.requests.0.method"],
      [{ requests: [{ ...request, headers: {} }] }, "body.requests.0.headers"],
    ],
  },
} as const satisfies Partial<Record<RouteName, Samples>>;
