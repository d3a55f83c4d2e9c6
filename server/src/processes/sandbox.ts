import type { Environment } from "./environment.js";

/** A program as it is to be started. */
export interface ProgramStart {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Environment;
}

/** What programs run in, so that they reach no more than they need. */
export interface Sandbox {
  /** What is to be started so that a program runs in it. */
  wrap(start: ProgramStart & { readonly directory: string }): ProgramStart;
}
