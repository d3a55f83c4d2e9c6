import { createMockBackend } from "../../../mock-server/testing.js";
import { mountConsole } from "../../../mock-server/console.js";
import { AgentVM } from "../../../src/slim.js";
import { cuedWork } from "../../work/cued-work.js";

/**
 * A game with the embedded backend and the console over it, for a page: everything is at `window.game`. Some types of task ask or change
 * something; behind `#workers` all of them are for workers, and behind both of these time stands still.
 */
const isByWorkers = location.hash === "#workers";
const isManual = location.hash === "#manual" || isByWorkers;
const backend = createMockBackend({
  seed: 7,
  clock: isManual ? "manual" : "real",
  ...(isByWorkers ? { workBy: "workers" as const } : { parts: { work: cuedWork } }),
});
const agentvm = new AgentVM({ ...backend.connection(), events: false });
const keys: string[] = [];
addEventListener("keydown", ({ key }) => keys.push(key));

const game = { backend, agentvm, keys, overlay: mountConsole(backend) };
Object.assign(window, { game });

export type Game = typeof game;
