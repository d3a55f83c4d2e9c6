// What follows tasks, by events and by asking: a chunk of its own, which a page loads that waits for the first of them.
export { EventFeed } from "../client/stream/event-feed.js";
export { PollingFeed } from "../client/stream/polling-feed.js";
