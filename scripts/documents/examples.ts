import type { BodyOf, RouteName } from "../../src/contract/routes.js";

/** A body for each call that takes one, as the documents show it. */
export const bodyExamples: { readonly [N in RouteName as BodyOf<N> extends never ? never : N]: BodyOf<N> } = {
  agentTypeCreate: {
    type: "tester",
    name: "Tester",
    color: "#CC3366",
    capabilities: ["testing", "debugging"],
  },
  agentCreate: { agent_type: "aider", name: "Ada", position: { x: 0, y: 0, z: 0 } },
  agentMove: { position: { x: 4, y: 0, z: -2.5 }, sequence: 1, client_id: "tab_7f3a" },
  agentMoveMany: {
    updates: [
      { agent_id: "agent_1", position: { x: 4, y: 0, z: -2.5 } },
      { agent_id: "agent_2", position: { x: 0, y: 0, z: 3 } },
    ],
  },
  taskAssign: { prompt: "Fix the double jump", task_type: "debugging", priority: 5 },
  teamAssign: { prompt: "Add multiplayer", team_size: 3, task_type: "feature_development" },
  taskAnswer: { question_id: "question_1", choice: "allow" },
  taskReview: { verdict: "accept" },
  taskCancel: { reason: "The player left the level" },
  workerJoin: { name: "desk-1", agent_types: ["claude", "custom"], slots: 2 },
  workerClaim: { slots: 1, wait_ms: 30_000 },
  workerObserve: {
    sessions: [
      {
        session: "7f3a9c2e",
        agent_type: "claude",
        name: "my-game",
        turn: { number: 1, prompt: "Fix the double jump" },
      },
    ],
  },
  taskReport: {
    attempt: 1,
    number: 1,
    reports: [
      { state: "coding" },
      { progress: 0.5, message: "Half of it" },
      { output: { stream: "stdout", text: "patched player.ts\n" } },
    ],
  },
  taskFinish: { attempt: 1, success: true, output: "It jumps twice now.\n" },
  taskReviewed: { review_id: "review_1", conflicts: ["src/player.ts"] },
  gameConnect: { game_name: "My game", engine: "godot", engine_version: "4.3" },
  sceneUpdate: {
    game_id: "game_1",
    name: "Office",
    spawn_points: [{ x: 0, y: 0, z: 0 }],
    workspaces: [{ id: "desk_1", position: { x: 2, y: 0, z: 1 } }],
  },
  analyticsEvents: {
    events: [
      {
        type: "call",
        at: "2026-01-01T00:00:00.000Z",
        call: "POST /tasks/assign",
        duration_ms: 12.5,
        retries: 0,
        error: null,
      },
      {
        type: "interaction",
        at: "2026-01-01T00:00:01.000Z",
        agent_id: "agent_ada",
        agent_type: "aider",
        kind: "click",
      },
    ],
  },
  batch: {
    requests: [
      { id: "first", method: "GET", path: "/agents?limit=10" },
      { id: "second", method: "POST", path: "/agents/create", body: { agent_type: "claude" } },
    ],
  },
};
