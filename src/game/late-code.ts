// What a game with many agents calls: a chunk of its own, loaded with the first of these calls.
export { startMover } from "./start-mover.js";
