import { DETAIL_FEATURE } from "../../../src/contract/detail.js";
import { HEARTBEAT_SECONDS } from "../../../src/contract/games.js";
import { playRoutes as routes } from "../../../src/contract/play-routes.js";
import { PACKAGE_VERSION } from "../../../src/contract/version.js";
import { EngineError } from "../../domain/index.js";
import type { Caller } from "../caller.js";
import { withBody, withParams, withParamsAndBody } from "../operation.js";
import type { OperationTable } from "../operation.js";
import type { OperationParts } from "../parts.js";

type GameOperations = Pick<
  OperationTable,
  "gameConnect" | "gameHeartbeat" | "gameDisconnect" | "sceneUpdate" | "gameAgents"
>;

/** Name of the server, told in `GET /health` and at connect. */
export const SERVICE_NAME = "agentvm-mock";

/** What this server can do beside the plain calls. */
const FEATURES = [
  "batch",
  "events",
  "gzip_requests",
  "idempotency",
  DETAIL_FEATURE,
  "output_streaming",
  "positions",
];

/** The calls about games, their sessions and scenes. */
export function gameOperations({ engine, access }: OperationParts): GameOperations {
  return {
    gameConnect: withBody(routes.gameConnect.body, ({ origin }, body) => {
      const session = access.open((tokenHash) => engine.games.connect(body, tokenHash));
      return {
        answer: {
          success: true,
          game_id: session.game_id,
          session_id: session.session_id,
          // Its place; the token is put in when the answer is given, since an answer may be kept and a token may not.
          session_token: "",
          expires_at: session.expires_at,
          heartbeat_seconds: Math.min(HEARTBEAT_SECONDS, engine.limits.session_ttl_seconds / 2),
          websocket_url: `${origin.replace(/^http/, "ws")}/ws`,
          limits: engine.limits,
          server: { name: SERVICE_NAME, version: PACKAGE_VERSION, features: [...FEATURES] },
          message: `${body.game_name ?? "The game"} is connected.`,
        },
      };
    }),

    gameHeartbeat: ({ caller }) => {
      const sessionId = sessionOf(caller);
      engine.games.touch(sessionId);
      return { answer: { success: true, expires_at: engine.games.session(sessionId).expires_at } };
    },

    gameDisconnect: ({ caller }) => {
      const sessionId = sessionOf(caller);
      engine.games.disconnect(sessionId);
      access.revoke(sessionId);
      return { answer: { success: true } };
    },

    sceneUpdate: withParamsAndBody(
      routes.sceneUpdate.params,
      routes.sceneUpdate.body,
      ({ scope }, { scene_id }, body) => {
        const { game_id, revision } = engine.scenes.put(scope, scene_id, body);
        return { answer: { success: true, scene_id, game_id, revision } };
      },
    ),

    gameAgents: withParams(routes.gameAgents.params, ({ scope }, { game_id }) => {
      const { agents, cursor } = engine.games.agents(scope, game_id);
      return { answer: { success: true, game_id, agents, cursor } };
    }),
  };
}

function sessionOf(caller: Caller): string {
  if (caller.kind === "session") return caller.session_id;
  throw new EngineError("forbidden", "This call is made with a session token.");
}
