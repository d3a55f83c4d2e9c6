import type { Changes, Usage } from "../contract/index.js";
import { changesOf, usageOf } from "./changes-of.js";
import type { Work, WorkByType, WorkResult } from "./types.js";

/** What a function's result comes to, in the words of the contract. */
export interface FunctionOutcome {
  readonly output?: string;
  readonly changes?: Omit<Changes, "review">;
  readonly diff?: string;
  readonly usage?: Usage;
}

/** The function for agents of a type. Where there is none, one that fails and says so. */
export function functionFor(functions: WorkByType, type: string): Work {
  const found = Object.hasOwn(functions, type) ? functions[type] : functions["*"];
  return (
    found ??
    (() => {
      throw new Error(`There is no function any more for agents of the type '${type}'.`);
    })
  );
}

/** What a function came to. */
export function outcomeOf(taskId: string, { output, changes, diff, usage }: WorkResult): FunctionOutcome {
  return {
    ...(output !== undefined && { output }),
    ...((changes !== undefined || diff !== undefined) && changesOf(taskId, changes ?? {}, diff)),
    ...(usage !== undefined && { usage: usageOf(usage) }),
  };
}
