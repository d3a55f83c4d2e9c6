/** Known to every copy of this package. */
const brand = Symbol.for("oligarchy-agentvm.listen-error");

/**
 * The server could not listen. `code` is the operating system's: `EADDRINUSE` when another program has the port, `EACCES` when
 * this user may not, `EADDRNOTAVAIL` or `ENOTFOUND` when the host is not this machine.
 */
export class ListenError extends Error {
  override readonly name = "ListenError";
  readonly code: string;
  /** The port that was asked for. */
  readonly port: number;
  /** The host that was asked for. */
  readonly address: string;
  /** What to do about it. */
  readonly remediation: string;

  /** Makes `instanceof` true for the errors of every copy of this package, as it is for those of the SDK. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return this === ListenError
      ? typeof value === "object" && value !== null && brand in value
      : Function.prototype[Symbol.hasInstance].call(this, value);
  }

  constructor(cause: unknown, port: number, address: string) {
    const code = codeOf(cause);
    const { what, remediation } = faultOf(code, port, address);
    super(`${what} ${remediation}`, { cause });
    this.code = code;
    this.port = port;
    this.address = address;
    this.remediation = remediation;
  }

  get [brand](): true {
    return true;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "UNKNOWN";
}

function faultOf(code: string, port: number, address: string): { what: string; remediation: string } {
  switch (code) {
    case "EADDRINUSE":
      return {
        what: `Port ${port} of ${address} is in use: another program listens on it.`,
        remediation: "Stop that program, choose another port, or use port 0 for any that is free.",
      };
    case "EACCES":
    case "EPERM":
      return {
        what: `This user may not listen on port ${port} of ${address}.`,
        remediation: "Choose a port from 1024 up, or use port 0 for any that is free.",
      };
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return {
        what: `The host ${address} is no address of this machine.`,
        remediation: 'Use "127.0.0.1", or an address that this machine has.',
      };
    default:
      return {
        what: `The server cannot listen on port ${port} of ${address} (${code}).`,
        remediation: "Try another host or port.",
      };
  }
}
