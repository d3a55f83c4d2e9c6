import type { Work } from "../work.js";

/**
 * Work that is done elsewhere, by workers who join, claim tasks and report: a task waits until one of them takes it, and nothing is
 * simulated in its place. What they say of it comes in by the domain's calls for workers; all that has to be remembered of it is there.
 */
export function createWorkersWork(): Work {
  return {
    kindOf: () => "worker",
    begin: () => undefined,
    wake: () => undefined,
    recall: () => ({ ok: true, value: {} }),
  };
}
