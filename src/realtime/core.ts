// What runs an open stream. It is a chunk of its own: a page that never opens the stream does not load it.
export { AgentsFollower } from "./agents-follower.js";
export { Connection } from "./connection.js";
export { EventFeed } from "./task-feed.js";
export { callByStream } from "./stream-call.js";
export { placeStream } from "./stream-place.js";
