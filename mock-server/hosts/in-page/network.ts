/** All that only a page needs which calls the backend with `fetch`: HTTP, and the platform's own objects for it. */
export { createCors } from "../../http/cors.js";
export { createHttpHandler } from "../../http/handler.js";
export { toFetch } from "../../http/to-fetch.js";
