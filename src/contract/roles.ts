import type { RouteName } from "./routes.js";

/**
 * What a key is for: `admin` all there is, `game` to connect a game and play, `worker` to do the work on tasks, `observer` to look on. A key
 * that says no role is an `admin`'s.
 */
export const KEY_ROLES = ["admin", "game", "worker", "observer"] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

const PLAY = ["game"] as const;
const LOOK = ["game", "observer"] as const;
const WORK = ["worker"] as const;
const ALL = ["game", "worker", "observer"] as const;

/**
 * The roles, beside `admin`, whose keys may make each call; a session's token may make those that its game's key may. Nobody is asked
 * at a call that is open.
 */
export const routeRoles: Readonly<Record<RouteName, readonly KeyRole[]>> = {
  health: ALL,
  openapi: ALL,
  asyncapi: ALL,
  docs: ALL,
  systemStatus: LOOK,
  metrics: LOOK,
  agentTypes: ALL,
  agentTypeCreate: PLAY,
  agentList: LOOK,
  agentCreate: PLAY,
  agentMoveMany: PLAY,
  agentGet: LOOK,
  agentMove: PLAY,
  agentRemove: PLAY,
  taskAssign: PLAY,
  teamAssign: PLAY,
  taskList: LOOK,
  taskGet: LOOK,
  taskOutput: LOOK,
  taskAnswer: PLAY,
  taskDiff: LOOK,
  taskReview: PLAY,
  taskCancel: PLAY,
  gameConnect: PLAY,
  gameHeartbeat: PLAY,
  gameDisconnect: PLAY,
  sceneUpdate: PLAY,
  gameAgents: LOOK,
  analyticsEvents: PLAY,
  analyticsSummary: LOOK,
  workerList: ["worker", "observer"],
  workerJoin: WORK,
  workerClaim: WORK,
  workerObserve: WORK,
  workerLeave: WORK,
  taskReport: WORK,
  taskFinish: WORK,
  taskReviewed: WORK,
  // Each of its calls is looked at by itself.
  batch: ALL,
};
