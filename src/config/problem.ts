/** One thing wrong with the configuration. It holds places, names and kinds, never a value that may be secret. */
export interface ConfigProblem {
  /** The profile that the problem is in, or null for the environment and the caller's options. */
  readonly file: string | null;
  /** Line in the file, from 1. */
  readonly line: number | null;
  /** Column in the line, from 1. */
  readonly column: number | null;
  /** The key, as `system.max_agents`. */
  readonly key: string | null;
  /** The environment variable that the value came from, or should have come from. */
  readonly variable: string | null;
  /** What is wrong and what was expected, as a sentence that follows the place. */
  readonly message: string;
}

/** A problem with what is not said left empty. */
export function problem(parts: Partial<ConfigProblem> & Pick<ConfigProblem, "message">): ConfigProblem {
  return { file: null, line: null, column: null, key: null, variable: null, ...parts };
}

/** A problem as one line: `configs/staging.yaml:4:15: system.max_agents: expected …`. */
export function describeProblem(found: ConfigProblem): string {
  const at = [found.file, found.line, found.column].filter((part) => part !== null).join(":");
  const source = found.variable === null ? null : `environment variable ${found.variable}`;
  return [at === "" ? null : at, found.key, source, found.message]
    .filter((part): part is string => part !== null)
    .join(": ");
}
