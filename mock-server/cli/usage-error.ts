/** The command line cannot be followed. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** What to type instead. */
  readonly remediation: string;

  constructor(message: string, remediation: string) {
    super(message);
    this.remediation = remediation;
  }
}
