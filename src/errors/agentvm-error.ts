import type { ErrorDetail } from "../contract/index.js";

/**
 * What became of the work that a failed call asked for:
 * `not_sent` it never left this machine, `rejected` the server answered that it did not do it,
 * `unknown` it may have been done.
 */
export type Outcome = "not_sent" | "rejected" | "unknown";

/** What an {@link AgentVMError} is made of, beside its message. */
export interface ErrorFields {
  readonly code: string;
  readonly outcome: Outcome;
  readonly remediation: string;
  readonly status?: number | null | undefined;
  readonly retryable?: boolean | undefined;
  readonly requestId?: string | null | undefined;
  readonly detail?: string | readonly ErrorDetail[] | null | undefined;
  readonly retryAfterMs?: number | null | undefined;
}

/** Known to every copy of this package: under it each class of errors has its name, and so have its errors. */
const brand = Symbol.for("oligarchy-agentvm.error");

/**
 * The base of every error that this package throws. It holds no key, token or header, and no `cause` that could.
 *
 * @example
 * try {
 *   await agentvm.agents.get("agent_9");
 * } catch (error) {
 *   if (error instanceof AgentVMError) console.error(error.code, error.message, error.remediation);
 * }
 */
export class AgentVMError extends Error {
  /** What went wrong, for a program: the contract's code where a server gave one. */
  readonly code: string;
  /** The HTTP status of the answer; null when there was none. */
  readonly status: number | null;
  /** Whether the same call may succeed later without a change. */
  readonly retryable: boolean;
  /** Whether the work was done: see {@link Outcome}. */
  readonly outcome: Outcome;
  /** The server's name for the request, to find it in its logs; null when it gave none. */
  readonly requestId: string | null;
  /** What to do about it, in a sentence. */
  readonly remediation: string;
  /** More of the server's own words: a text, or for invalid requests what is wrong with which field. */
  readonly detail: string | readonly ErrorDetail[] | null;
  /** Milliseconds that the server asked to wait before the next try; null when it did not. */
  readonly retryAfterMs: number | null;

  constructor(message: string, fields: ErrorFields) {
    super(message);
    this.code = fields.code;
    this.status = fields.status ?? null;
    this.retryable = fields.retryable ?? false;
    this.outcome = fields.outcome;
    this.requestId = fields.requestId ?? null;
    this.remediation = fields.remediation;
    this.detail = fields.detail ?? null;
    this.retryAfterMs = fields.retryAfterMs ?? null;
  }

  /**
   * Makes `instanceof` true for the errors of every copy of this package: a program may well load it both as a module and with
   * `require`. A class that somebody derives from one of these has its own errors alone.
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    const { prototype }: { readonly prototype: object } = this;
    if (!Object.hasOwn(prototype, brand)) return Function.prototype[Symbol.hasInstance].call(this, value);
    const kind = kindOf(value);
    return kind !== undefined && (kind === kindOf(prototype) || prototype === AgentVMError.prototype);
  }

  /** The error as plain data, with its name and message. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, message: this.message, ...Object.fromEntries(Object.entries(this)) };
  }
}

nameClass(AgentVMError, "AgentVMError");

/** Gives a class of errors its name. Not in a static block of the class, which Safari has from 16.4 on. */
export function nameClass(made: typeof AgentVMError, text: string): void {
  const property = { value: text, writable: true, configurable: true };
  Object.defineProperties(made.prototype, { name: property, [brand]: property });
}

/** The name of the class that an error of this package is of, whatever it calls itself; undefined for anything else. */
function kindOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && brand in value ? value[brand] : undefined;
}

/** Whether a thrown thing is an error of this package. */
export function isAgentVMError(error: unknown): error is AgentVMError {
  return kindOf(error) !== undefined;
}

/** Whether a thrown thing is this package's error of that name, from whatever copy of the package. */
export function isNamed(error: unknown, kind: string): boolean {
  return kindOf(error) === kind;
}
