// What shows a game's agents live and moves them: one chunk, which begins to load with `connect`, while that is under way.
export { startMover } from "../moves/start-mover.js";
export { AgentsFollower } from "../client/stream/agents-follower.js";
export { Connection } from "../client/stream/connection.js";
export { callByStream } from "../client/stream/stream-call.js";
export { placeStream } from "../client/stream/stream-place.js";
export { EventFeed } from "../client/stream/event-feed.js";
