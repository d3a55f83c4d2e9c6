import { Caller } from "./http/caller.js";
import type { CallerParts } from "./http/caller.js";
import { sessionCallers } from "./http/session-caller.js";
import type { SessionCallers } from "./http/session-caller.js";
import { Session } from "./resources/session.js";
import type { EventStream, StreamRunner } from "./stream/event-stream.js";
import { createSessionStream } from "./stream/session-stream.js";
import type { SessionStreamParts } from "./stream/session-stream.js";

/** What a link is made of: how calls are made, and what else its stream needs. */
export interface LinkParts<C extends StreamRunner>
  extends CallerParts, Pick<SessionStreamParts<C>, "load" | "websocketUrl" | "WebSocket"> {
  /** Whether the server is a backend in the same page. */
  readonly isInPage: boolean;
}

/** The calls, the session and the event stream of one client, joined: each has what it needs of the others. */
export interface Link<C extends StreamRunner> {
  readonly caller: Caller;
  /** Callers that outlive the session, the client or the page. */
  readonly callers: SessionCallers;
  readonly stream: EventStream<C>;
  readonly session: Session;
}

/** Joins calls, session and stream. Nothing is sent and nothing opened by it. */
export function createLink<C extends StreamRunner>(parts: LinkParts<C>): Link<C> {
  const caller = new Caller(parts);
  const callers = sessionCallers(parts);
  const stream: EventStream<C> = createSessionStream({ ...parts, caller, opened: () => session.opened });
  const session: Session = new Session({ ...parts, caller, callers, stream });
  return { caller, callers, stream, session };
}
