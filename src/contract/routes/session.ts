import * as games from "../games.js";
import { route } from "../route.js";

/** The calls of a game's session, by name. */
export const sessionRoutes = {
  gameConnect: route({
    method: "POST",
    path: "/game/connect",
    access: "key",
    body: games.gameConnectBodySchema,
    answer: { kind: "json", schema: games.gameConnectAnswerSchema },
  }),
  gameHeartbeat: route({
    method: "POST",
    path: "/game/heartbeat",
    access: "session",
    answer: { kind: "json", schema: games.gameHeartbeatAnswerSchema },
  }),
  gameDisconnect: route({
    method: "POST",
    path: "/game/disconnect",
    access: "session",
    answer: { kind: "json", schema: games.gameDisconnectAnswerSchema },
  }),
} as const;
