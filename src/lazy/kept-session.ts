// What finds a game and its session again after a reload: a chunk of its own, which a page loads that connects with a storage.
export { KeptSession } from "../client/resources/kept-session.js";
