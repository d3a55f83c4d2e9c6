/** The addon could not be read, compared or put in its place. */
export class AddonError extends Error {
  override readonly name = "AddonError";
  /** Short and stable, for scripts. */
  readonly code: string;
  /** What to do about it. */
  readonly remediation: string;

  constructor(code: string, message: string, remediation: string) {
    super(message);
    this.code = code;
    this.remediation = remediation;
  }
}
