import { loadCode } from "../calls/load-code.js";
import type { WorkCode } from "../work/worker-parts.js";

/** The code of scripts and functions, for pages: loaded when the first script or function is handed in. */
export const getWork = (): Promise<WorkCode> => loadCode("scripts and functions", () => import("./work.js"));
