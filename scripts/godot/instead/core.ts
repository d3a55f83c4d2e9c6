/** In the place of all that runs an open stream: a game follows its tasks and agents by the events alone. */
export { Connection } from "../../../src/realtime/connection.js";
