/** All that only a page with a live event stream needs: the hub, and the wire to it. */
export { createHub } from "../../realtime/hub.js";
export { createWire } from "./wire.js";
