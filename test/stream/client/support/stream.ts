import { AgentVMError } from "../../../../src/errors/index.js";
import * as core from "../../../../src/lazy/live.js";
import type { EventStreamParts } from "../../../../src/client/stream/event-stream.js";
import { EventStream } from "../../../../src/client/stream/event-stream.js";
import type { StreamEvent } from "../../../../src/client/stream/stream-events.js";
import { FakeServer } from "./fake-server.js";
import { welcome } from "./frames.js";
import { seededRandom } from "./random.js";
import { settle, VirtualClock } from "./virtual-clock.js";

/** A stream on a virtual clock, and the server that it talks to. */
export function makeStream(change: Partial<EventStreamParts> = {}) {
  const clock = new VirtualClock();
  const server = new FakeServer();
  const asked: boolean[] = [];
  const warnings: string[] = [];
  const stream = new EventStream({
    url: () => "ws://agentvm.localhost/ws",
    credentials: (fresh) => {
      asked.push(fresh);
      return Promise.resolve({ session_token: fresh ? "fresh_token" : "first_token" });
    },
    snapshot: () => Promise.reject(new Error("No snapshot was expected.")),
    commandError: (body) =>
      new AgentVMError(body.error, {
        code: body.code,
        outcome: "rejected",
        remediation: body.remediation,
      }),
    WebSocket: server.WebSocket,
    clock,
    random: seededRandom(1),
    lifecycle: null,
    load: () => Promise.resolve(core),
    logger: { warn: (message) => warnings.push(message) },
    ...change,
  });
  const told: StreamEvent[] = [];
  const errors: AgentVMError[] = [];
  stream.on("*", (event) => told.push(event));
  stream.on("error", (error) => errors.push(error));
  return { clock, server, stream, asked, warnings, told, errors };
}

/** A stream that is live at seq 0. */
export async function makeLiveStream(change: Partial<EventStreamParts> = {}) {
  const made = makeStream(change);
  made.stream.open({ game_id: "game_1" });
  await settle();
  made.server.socket.accept().tell(welcome());
  return made;
}
