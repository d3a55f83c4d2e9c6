// What a game with many agents calls: a chunk of its own, loaded with the first of these calls.
export { Batcher } from "../http/batcher.js";
export { startMover } from "./start-mover.js";
