import type { WorkCode } from "../work/worker-parts.js";
import * as code from "./work.js";
import type { getWork as later } from "./work-on-demand.js";

/** The code of scripts and functions, for Node, where tests want all at once what costs no download. */
export const getWork = (): WorkCode => code satisfies Awaited<ReturnType<typeof later>>;
