import type { Access as RouteAccess } from "../../src/contract/index.js";
import { routeRoles } from "../../src/contract/roles.js";
import type { RouteName } from "../../src/contract/routes.js";
import type { Engine, Scope, Session } from "../domain/index.js";
import { EngineError, Listeners } from "../domain/index.js";
import { ANONYMOUS } from "./caller.js";
import type { Caller, Credentials } from "./caller.js";
import { EndedTokens } from "./ended-tokens.js";
import { heldKeys, SECRET_MAX, type ApiKey, type HeldKey } from "./keys.js";
import { sha256 } from "./sha256.js";

/** Tokens that are held at the same time; past it the ended ones are forgotten, then connecting is refused. */
export const SESSION_TOKENS_MAX = 10_000;

/**
 * Who may call, and the tokens that say so. Secrets of sessions live here alone: the engine knows of sessions, and of the hashes of their
 * tokens. Of keys nothing is held but their hashes.
 */
export interface Access {
  /**
   * Tells who shows these credentials, and keeps a session alive that shows its token. A key decides where both are shown.
   *
   * @throws EngineError `forbidden` for a wrong key, `session_expired` for a token of no living session.
   */
  identify(credentials: Credentials): Caller;
  /** Whether credentials that were refused are those of a session that is over, and so not those of somebody who guesses. */
  wereValid(credentials: Credentials): boolean;
  /** Looks again whether a caller is still who it was: a session may have ended since. Throws as `identify` does. */
  confirm(caller: Caller): void;
  /**
   * Opens a session with a token of its own, of which `connect` is told the hash.
   *
   * @throws EngineError `unavailable` when no other token can be held, before anything is opened.
   */
  open(connect: (tokenHash: string) => Session): Session;
  /** A token of a session: the one that it has, or, where that is known by its hash alone, another. */
  tokenOf(sessionId: string): string;
  /** Forgets the tokens of a session that is over. */
  revoke(sessionId: string): void;
  /** Calls `listener` after a session's token was forgotten, so that what else the session holds open can end. Gives its own undo. */
  onRevoked(listener: (sessionId: string) => void): () => void;
  /** Forgets every token. */
  close(): void;
}

export interface AccessOptions {
  readonly engine: Engine;
  readonly apiKeys: readonly ApiKey[];
  /** Makes a secret that nobody can guess. */
  readonly tokens: () => string;
  /** Where the tokens of sessions that are over are remembered; a place of its own when left out. */
  readonly ended?: EndedTokens;
  /** Told what a listener threw. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Identification with keys and tokens.
 *
 * @throws TypeError when the keys are none, too many, or one is wrong.
 */
export function createAccess({
  engine,
  apiKeys,
  tokens,
  ended = new EndedTokens(),
  onError = () => undefined,
}: AccessOptions): Access {
  const keyCallers = heldKeys(apiKeys).map((key) => ({ hash: key.hash, caller: keyCaller(key) }));
  // To hash a key takes as long as a whole call in the page, so that those which were shown and are right are known again. What is wrong is hashed
  // anew each time, and so it takes as long whatever it is.
  const shown = new Map<string, Caller>();
  const sessionOf = new Map<string, Session>();
  const tokenOf = new Map<string, string>();
  const listeners = new Listeners<[string]>(onError);

  const revoke = (sessionId: string): void => {
    if (!tokenOf.delete(sessionId)) return;
    for (const [token, { session_id }] of sessionOf) {
      if (session_id !== sessionId) continue;
      sessionOf.delete(token);
      ended.add(token);
    }
    listeners.tell(sessionId);
  };

  const hold = (token: string, session: Session): void => {
    sessionOf.set(token, session);
    tokenOf.set(session.session_id, token);
  };

  /** Whose key it is; null for nobody's. */
  const callerWith = (apiKey: string): Caller | null => {
    const hash = apiKey.length > SECRET_MAX ? "" : sha256(apiKey);
    let found: Caller | null = null;
    // Every key is looked at, whichever fits, so that the time tells nothing.
    for (const key of keyCallers) if (sameHash(key.hash, hash)) found = key.caller;
    return found;
  };

  /** The session of a token: one of those that are held, or one that the engine knows by the hash, as after a restart. */
  const sessionWith = (token: string): Session | undefined => {
    if (token.length > SECRET_MAX) return undefined;
    const held = sessionOf.get(token);
    if (held !== undefined) return held;
    const session = engine.games.byToken(sha256(token));
    if (session === null) return undefined;
    if (sessionOf.size < SESSION_TOKENS_MAX) hold(token, session);
    return session;
  };

  const room = (): void => {
    if (sessionOf.size < SESSION_TOKENS_MAX) return;
    for (const session of [...sessionOf.values()]) {
      if (!alive(session.session_id)) revoke(session.session_id);
    }
    if (sessionOf.size < SESSION_TOKENS_MAX) return;
    const message = `The server holds ${SESSION_TOKENS_MAX} open sessions and no more.`;
    throw new EngineError("unavailable", message, { retryAfterSeconds: 60 });
  };

  const alive = (sessionId: string): boolean => {
    try {
      engine.games.session(sessionId);
      return true;
    } catch {
      return false;
    }
  };

  const touch = (sessionId: string): void => {
    try {
      engine.games.touch(sessionId);
    } catch (error) {
      revoke(sessionId);
      throw error;
    }
  };

  return {
    identify({ apiKey, sessionToken }) {
      if (apiKey !== undefined && apiKey !== "") {
        const found = shown.get(apiKey) ?? callerWith(apiKey);
        if (found === null)
          throw new EngineError("forbidden", "This API key is not one that the server knows.");
        // Of each key there is one secret, so that there are no more of these than keys.
        shown.set(apiKey, found);
        return found;
      }
      if (sessionToken === undefined || sessionToken === "") return ANONYMOUS;
      const session = sessionWith(sessionToken);
      if (session === undefined) {
        throw new EngineError("session_expired", "This session token belongs to no session that is open.");
      }
      touch(session.session_id);
      return sessionCaller(session);
    },
    wereValid: ({ apiKey, sessionToken }) =>
      (apiKey === undefined || apiKey === "") && sessionToken !== undefined && ended.has(sessionToken),
    confirm(caller) {
      if (caller.kind === "session") touch(caller.session_id);
    },
    open(connect) {
      room();
      const token = tokens();
      const session = connect(sha256(token));
      hold(token, session);
      return session;
    },
    tokenOf(sessionId) {
      const held = tokenOf.get(sessionId);
      if (held !== undefined) return held;
      const token = tokens();
      if (alive(sessionId)) {
        engine.games.giveToken(sessionId, sha256(token));
        hold(token, engine.games.session(sessionId));
      } else ended.add(token);
      return token;
    },
    revoke,
    onRevoked: (listener) => listeners.add(listener),
    close() {
      for (const token of sessionOf.keys()) ended.add(token);
      sessionOf.clear();
      tokenOf.clear();
    },
  };
}

/** What a caller may see: a key everything, a session its own game alone. */
export function scopeOf(caller: Caller): Scope {
  return caller.kind === "session" ? { kind: "game", game_id: caller.game_id } : { kind: "all" };
}

/**
 * Refuses a caller that a route is not for.
 *
 * @throws EngineError `unauthorized` without credentials, `forbidden` with those of the other kind, or of a key with another role.
 */
export function checkAccess(name: RouteName, access: RouteAccess, caller: Caller): void {
  if (access === "open") return;
  if (caller.kind === "anonymous") {
    throw new EngineError(
      "unauthorized",
      "This call needs an API key or a session token, and carried neither.",
    );
  }
  if (access === "key" && caller.kind !== "key") {
    throw new EngineError("forbidden", "This call is made with an API key, not with a session token.");
  }
  if (access === "session" && caller.kind !== "session") {
    throw new EngineError("forbidden", "This call is made with a session token, not with an API key.");
  }
  if (caller.kind !== "key" || caller.role === "admin" || routeRoles[name].includes(caller.role)) return;
  const needed = [...routeRoles[name], "admin"].join(" or ");
  throw new EngineError(
    "forbidden",
    `This call needs a key with the role ${needed}; this key has the role ${caller.role}.`,
  );
}

function keyCaller({ id, role }: HeldKey): Caller {
  return { kind: "key", id, role };
}

function sessionCaller({ session_id, game_id }: Session): Caller {
  return { kind: "session", id: `session:${session_id}`, session_id, game_id };
}

/** Compares all characters whether or not one differs. */
function sameHash(known: string, shown: string): boolean {
  let difference = known.length ^ shown.length;
  for (let index = 0; index < known.length; index += 1) {
    difference |= known.charCodeAt(index) ^ shown.charCodeAt(index);
  }
  return difference === 0;
}
