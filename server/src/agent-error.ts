/** Exit codes of the command, as `agentvm --help` lists them. */
export const EXIT = { failed: 1, usage: 2, config: 3, unreachable: 4, refused: 5 } as const;

/**
 * Something that a person can do something about: it says what happened, and what to do next. The command tells both, and ends with
 * `exitCode`.
 */
export class AgentError extends Error {
  override readonly name: string = "AgentError";
  /** A keyword for programs: `no_repository`. */
  readonly code: string;
  /** What to do next. */
  readonly remediation: string;
  readonly exitCode: number;

  constructor(
    message: string,
    {
      code,
      remediation,
      exitCode = EXIT.failed,
      cause,
    }: {
      readonly code: string;
      readonly remediation: string;
      readonly exitCode?: number;
      readonly cause?: unknown;
    },
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.remediation = remediation;
    this.exitCode = exitCode;
  }
}
