import { membersOf } from "./agents.js";
import { GAMES_MAX, SESSION_WARNING_SECONDS, SESSIONS_MAX } from "./bounds.js";
import type { Core } from "./core.js";
import type { Engine } from "./engine.js";
import { EngineError } from "./errors.js";
import { frozenCopy } from "./frozen.js";
import { unusedId } from "./ids.js";
import { closeSession } from "./leaving.js";
import { requireGame } from "./lookup.js";
import { reserve } from "./byte-budget.js";
import { timestampOf } from "./timestamps.js";
import type { Session } from "./types.js";
import { weightOfData } from "./weights.js";
import type { SessionRecord } from "./world.js";

/** The calls about games and their sessions. */
export function gameCalls(core: Core): Engine["games"] {
  const { world, ledger, agenda } = core;
  return {
    connect(body, tokenHash) {
      if (world.sessions.size >= SESSIONS_MAX) {
        throw new EngineError(
          "unavailable",
          `${SESSIONS_MAX} sessions are open already, as many as may be.`,
          {
            retryAfterSeconds: 60,
          },
        );
      }
      const game_id = body.game_id ?? unusedId(core.ids, "game", world.games);
      const known = world.games.get(game_id);
      const keep = body.keep ?? known?.about.keep;
      const about = frozenCopy(keep === undefined ? body : { ...body, keep }, ["body"]);
      if (known === undefined) {
        forgetUnused(core);
        // A game that is known may always come, were it to clean up.
        reserve(core, game_id, weightOfData(about));
      }
      agenda.cancel("leave", game_id);
      ledger.note({ type: "game.known", game_id, about });
      const session_id = unusedId(core.ids, "session", world.sessions);
      const expires_at = ledger.now + lifeMs(core);
      ledger.note({
        type: "session.opened",
        session_id,
        game_id,
        expires_at,
        ...(tokenHash !== undefined && { token_hash: tokenHash }),
      });
      agenda.schedule("session", session_id, expires_at - warningMs(core));
      return told(findSession(core, session_id));
    },

    giveToken(sessionId, token_hash) {
      const { session_id } = findSession(core, sessionId);
      ledger.note({ type: "token.issued", session_id, token_hash });
    },

    byToken(hash) {
      const sessionId = core.indexes.sessionsByToken.get(hash);
      const session = sessionId === undefined ? undefined : world.sessions.get(sessionId);
      return session === undefined ? null : told(session);
    },

    session: (sessionId) => told(findSession(core, sessionId)),

    touch(sessionId) {
      const { session_id, expires_at: before } = findSession(core, sessionId);
      const expires_at = ledger.now + lifeMs(core);
      // Every call of a session comes by here: those of one millisecond are one commit and not as many.
      if (expires_at === before) return;
      // Its job on the agenda stays: when that is due it finds the new end and waits on.
      ledger.note({ type: "session.touched", session_id, expires_at });
    },

    disconnect(sessionId) {
      closeSession(core, findSession(core, sessionId), ledger.now);
    },

    agents(scope, gameId) {
      requireGame(core, scope, gameId);
      const agents = Array.from(membersOf(core, gameId), ({ agent }) => agent);
      return { agents, cursor: { epoch: ledger.epoch, seq: ledger.seq } };
    },
  };
}

/**
 * Ends a session whose time is over, tells of the coming end of one whose time is nearly over, or waits on.
 *
 * @param seen The time at which it is looked at, in milliseconds.
 */
export function watchSession(core: Core, sessionId: string, seen: number): void {
  const { ledger, agenda } = core;
  const session = core.world.sessions.get(sessionId);
  if (session === undefined) return;
  if (session.expires_at <= ledger.now) return closeSession(core, session, seen);
  const warnAt = session.expires_at - warningMs(core);
  if (warnAt > ledger.now) return agenda.schedule("session", sessionId, warnAt);
  const data = { session_id: sessionId, expires_at: timestampOf(session.expires_at) };
  ledger.emit({ type: "session.expiring", game_id: session.game_id, data });
  // By then a session that is used meanwhile is not yet near its next end, so its warning comes once.
  agenda.schedule("session", sessionId, session.expires_at);
}

function lifeMs(core: Core): number {
  return core.limits.session_ttl_seconds * 1_000;
}

function warningMs(core: Core): number {
  return Math.min(SESSION_WARNING_SECONDS * 1_000, lifeMs(core) / 2);
}

function findSession(core: Core, sessionId: string): SessionRecord {
  const session = core.world.sessions.get(sessionId);
  if (session === undefined) throw new EngineError("session_expired", "The game's session has ended.");
  return session;
}

function told({ session_id, game_id, expires_at }: SessionRecord): Session {
  return { session_id, game_id, expires_at: timestampOf(expires_at) };
}

/** Makes room for another game. */
function forgetUnused(core: Core): void {
  const { world, indexes } = core;
  if (world.games.size < GAMES_MAX) return;
  const { tasksByGame, agentsByGame, sessionsByGame } = indexes;
  for (const gameId of world.games.keys()) {
    if (tasksByGame.has(gameId) || agentsByGame.has(gameId) || sessionsByGame.has(gameId)) continue;
    return core.ledger.note({ type: "game.forgotten", game_id: gameId, events: "dropped" });
  }
  throw new EngineError("unavailable", `${GAMES_MAX} games are known and in use, as many as may be.`, {
    retryAfterSeconds: 60,
  });
}
