import { gameRoutes } from "../../contract/routes/game.js";
import { errorFromAnswer } from "../../errors/from-answer.js";
import type { Caller, CallerParts } from "../http/caller.js";
import { redact } from "../http/redact.js";
import { EventStream } from "./event-stream.js";
import type { EventStreamParts, StreamRunner } from "./event-stream.js";
import type { WebSocketConstructor } from "./ports.js";
import { streamUrl } from "./stream-url.js";

/** What a client's event stream stands on. */
export interface SessionStreamParts<C extends StreamRunner>
  extends
    Pick<CallerParts, "endpoint" | "credentials" | "clock" | "random" | "log">,
    Pick<EventStreamParts<C>, "load"> {
  readonly caller: Caller;
  /** The session that is open; null when there is none. */
  readonly opened: () => { readonly websocket_url: string } | null;
  /** Where the user says that the stream is. */
  readonly websocketUrl: string | undefined;
  readonly WebSocket: WebSocketConstructor | undefined;
}

/** Makes the event stream of a client, over its credentials and its session. Nothing is opened by it. */
export function createSessionStream<C extends StreamRunner>(parts: SessionStreamParts<C>): EventStream<C> {
  const { caller, clock, credentials, endpoint, load, log, opened, random, websocketUrl, WebSocket } = parts;
  return new EventStream({
    url: () => websocketUrl ?? streamUrl(endpoint, opened()?.websocket_url ?? null),
    credentials: (fresh) => credentials.forStream(fresh),
    reconnectGame: () => credentials.renewStream(),
    snapshot: (gameId, signal) =>
      caller.json(gameRoutes.gameAgents, { params: { game_id: gameId } }, { signal }),
    commandError: (body, status, where) =>
      errorFromAnswer({
        where,
        status,
        text: redact(JSON.stringify(body), credentials.secrets()),
        header: () => null,
        now: clock.now(),
        doubt: false,
      }),
    load,
    WebSocket,
    clock,
    random,
    ...(log === undefined ? {} : { logger: { warn: (message) => log("warn", message) } }),
  });
}
