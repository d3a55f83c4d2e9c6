/** The agent that the bare servers answer with: as large as a real one. */
export const agent = {
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
  capabilities: ["refactoring", "debugging", "optimization", "multi_file_editing"],
  current_task_id: null,
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-01T00:00:00.000Z",
  metadata: {},
};
