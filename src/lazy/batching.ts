// What lets calls of one tick share a request: a chunk of its own, loaded when two come together for the first time.
export { Batcher } from "../client/http/batcher.js";
