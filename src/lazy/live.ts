// What shows a game's agents live and moves them: one chunk, which begins to load with `connect`, while that is under way.
export { startMover } from "../game/start-mover.js";
export { AgentsFollower } from "../realtime/agents-follower.js";
export { Connection } from "../realtime/connection.js";
export { callByStream } from "../realtime/stream-call.js";
export { placeStream } from "../realtime/stream-place.js";
export { EventFeed } from "../realtime/task-feed.js";
