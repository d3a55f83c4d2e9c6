import type { Access } from "../../contract/index.js";
import { AuthenticationError } from "../../errors/authentication-error.js";
import { ConfigError } from "../../errors/config-error.js";
import { isCredentialText } from "./options.js";
import { secretsIn } from "./redact.js";

/** What the first frame of a connection carries; it goes nowhere else. */
export type StreamCredentials = { readonly session_token: string } | { readonly api_key: string };

/** The header that says who calls. */
export type Credential = Readonly<Record<string, string>>;

/** Gives a session token; it is asked once, and again when the server no longer takes the one it gave. */
export type GetToken = () => string | Promise<string>;

/** What a client knows of who it is. At most one of the three is given. */
export interface CredentialOptions {
  readonly apiKey?: string | undefined;
  readonly sessionToken?: string | undefined;
  readonly getToken?: GetToken | undefined;
}

const NOBODY: Credential = {};

function bearer(token: string): Credential {
  return { authorization: `Bearer ${token}` };
}

function refused(code: string, message: string, remediation: string): AuthenticationError {
  return new AuthenticationError(message, { code, outcome: "not_sent", remediation });
}

/** Who the client is: what it was given, and the game session that it opened since. */
export class Credentials {
  readonly #getToken: GetToken | undefined;
  readonly #hasKey: boolean;
  /** What was given, or the answer of `getToken`. */
  #given: Credential | Promise<Credential> | null;
  #session: { readonly credential: Credential; readonly reopen: () => Promise<void> } | null = null;
  #reopening: Promise<void> | null = null;
  /** What the event stream was opened with last. */
  #streamed: Credential = NOBODY;

  constructor({ apiKey, sessionToken, getToken }: CredentialOptions) {
    this.#getToken = getToken;
    this.#hasKey = apiKey !== undefined;
    this.#given =
      apiKey !== undefined
        ? { "x-api-key": apiKey }
        : sessionToken !== undefined
          ? bearer(sessionToken)
          : getToken
            ? null
            : NOBODY;
  }

  /** From now on calls are made with this session; `reopen` gets a new one when the server has forgotten it. */
  adopt(token: string, reopen: () => Promise<void>): void {
    this.#session = { credential: bearer(token), reopen };
  }

  /** Forgets the session. */
  drop(): void {
    this.#session = null;
  }

  /** The header for a route; a promise only while `getToken` is asked. */
  for(access: Access): Credential | Promise<Credential> {
    if (access === "open") return NOBODY;
    if (access !== "key" && this.#session) return this.#session.credential;
    if (access === "session" && this.#hasKey) {
      throw refused("no_session", "There is no game session.", "Call agentvm.connect() first.");
    }
    return this.#given ?? this.#ask();
  }

  /** Gets something better than what was refused; false when there is nothing else to try. */
  async renew(used: Credential, access: Access): Promise<boolean> {
    const session = access === "key" ? null : this.#session;
    if (session) {
      if (session.credential === used) {
        this.#reopening ??= session.reopen().finally(() => (this.#reopening = null));
        await this.#reopening;
      }
      return true;
    }
    if (!this.#getToken || access === "open") return false;
    // Otherwise another call has asked for a fresh one already.
    if (this.#given === used) await this.#ask();
    return true;
  }

  /** What the first frame of the event stream carries: something better than the last time when `fresh`, if there is. */
  async forStream(fresh: boolean): Promise<StreamCredentials> {
    if (fresh) await this.renew(this.#streamed, "caller");
    this.#streamed = await this.for("caller");
    const { authorization, "x-api-key": api_key } = this.#streamed;
    if (authorization !== undefined) return { session_token: authorization.replace(/^Bearer /, "") };
    if (api_key !== undefined) return { api_key };
    throw new ConfigError("The event stream needs credentials, and there are none.", {
      code: "no_credentials",
      outcome: "not_sent",
      remediation: "Give apiKey, sessionToken or getToken.",
    });
  }

  /** Gets a session in the place of the one that the event stream had, which is over. */
  async renewStream(): Promise<void> {
    if (await this.renew(this.#streamed, "caller")) return;
    throw new AuthenticationError("The game session is over, and there is no way to get another.", {
      code: "session_expired",
      status: 401,
      outcome: "not_sent",
      remediation: "Make a new AgentVM with a new token, or give getToken or apiKey instead of sessionToken.",
    });
  }

  /** What must not be told to anybody. */
  secrets(): string[] {
    const known = [this.#session?.credential, this.#given];
    return known.flatMap((one) => (one && !(one instanceof Promise) ? secretsIn(one) : []));
  }

  /** Asks `getToken`; who comes meanwhile waits for the same answer. */
  #ask(): Promise<Credential> {
    const asked = this.#fetchToken();
    this.#given = asked;
    asked.then(
      (credential) => (this.#given = credential),
      () => (this.#given = null),
    );
    return asked;
  }

  async #fetchToken(): Promise<Credential> {
    let token: unknown;
    try {
      token = await this.#getToken?.();
    } catch (error) {
      // What was thrown may hold the secrets of whoever issues tokens, so only its kind is told.
      const name = error instanceof Error ? error.name : typeof error;
      throw refused("no_token", `getToken failed with ${name}.`, "Catch errors inside getToken to see more.");
    }
    if (isCredentialText(token)) return bearer(token);
    throw refused("bad_token", "getToken gave no usable token.", "Let it give a text of visible ASCII.");
  }
}
