// What only a page with a live event stream needs of the backend: one chunk, which an SDK in the page has loaded while it connects.
export { createWire } from "../hosts/in-page/wire.js";
export { createHub } from "../stream/hub.js";
