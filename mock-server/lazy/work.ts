// What a page needs that scripts tasks or works on them by functions: one chunk, loaded when the first script or function is handed in.
export { scriptOfJson } from "../work/scripts/script-of-json.js";
export { createWorkers } from "../work/workers.js";
