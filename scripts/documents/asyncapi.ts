import { type Direction, type JsonObject, mergeComponents, refTo, toComponents } from "./json-schema.js";
import { viewerFrameSchema } from "../../src/contract/detail.js";
import { EVENT_TYPES } from "../../src/contract/event-types.js";
import { eventDataSchemas, eventFrameSchema, latestFrameSchema } from "../../src/contract/events.js";
import * as frames from "../../src/contract/frames.js";
import type { Schema } from "../../src/contract/schema.js";
import { noticeFrameSchema } from "../../src/contract/workers.js";
import { PACKAGE_VERSION, PROTOCOL_VERSION } from "../../src/contract/version.js";

const ABOUT = `Text frames of JSON over a WebSocket. The first frame is the client's \`hello\`, within \
${frames.HELLO_TIMEOUT_MS / 1_000} seconds, since a browser can set no header on a WebSocket; it carries the credentials, \
never the URL. The server answers \`welcome\`, then, with \`recovered: true\`, everything that was missed since \`resume\`, then \
what happens. It keeps the newest events of each game (\`event_buffer\`), so that \`recovered\` is false only where something was \
lost of the games that the client hears. \`seq\` grows by one with each event of an \`epoch\` but \`agent.moved\`; \`prev\` is the seq of the last event before it that this \
subscriber should have had, so a client that holds another one has lost something and resumes. Moves stand beside the stream, in \`latest\` frames: each has the \`seq\` of the event before it, is told after that and before the next, and may be left out where the agent has moved again since; who resumes is told of the last move of each agent that moved at that place or after it. The server sends \`ping\` \
every ${frames.HEARTBEAT_MS / 1_000} seconds and the client answers \`pong\`; two missed beats mean a dead peer. A client \
delivers events of a type that it does not know as they are. Close codes say what the client does next. A frame \
has at most ${frames.FRAME_MAX_BYTES / 1_048_576} MiB and ${frames.FRAME_VALUES_MAX.toLocaleString("en")} values; what a command brings is read as the \
body of the REST call is, and counts as it in the rate limit.`;

/** What a client sends, by the name of the message. */
const clientFrames = {
  hello: {
    schema: frames.helloSchema,
    summary: "Who the client is, where it left off, and what it wants to hear.",
  },
  pong: { schema: frames.pongSchema, summary: "The answer to a ping, with its `t`." },
  positions: {
    schema: frames.positionsFrameSchema,
    summary:
      "Moves of many agents. With an `id` there is an ack, whose `result` names those that came to nothing.",
  },
  command: {
    schema: frames.commandFrameSchema,
    summary: "A call; its `id` is the idempotency key that the REST call would carry.",
  },
  viewer: {
    schema: viewerFrameSchema,
    summary: "Where the client's viewer is: moves and progress then come by distance, in `latest` frames.",
  },
} as const satisfies Record<string, Frame>;

/** What a server sends beside events. */
const serverFrames = {
  welcome: { schema: frames.welcomeSchema, summary: "The answer to a hello." },
  ping: { schema: frames.pingSchema, summary: "Asks for a pong." },
  ack: { schema: frames.ackSchema, summary: "The answer to a command, or to positions that have an id." },
  notice: {
    schema: noticeFrameSchema,
    summary:
      "What a worker has to know at once, on the connection of its claims: `work.offered`, `work.cancelled`, `task.answered`, `work.review`.",
  },
  latest: {
    schema: latestFrameSchema,
    summary: "The latest moves; and progress, for a client that has said where its viewer is.",
  },
} as const satisfies Record<string, Frame>;

interface Frame {
  readonly schema: Schema;
  readonly summary: string;
}

/** What each event says, in words. */
const eventWords: Readonly<Record<(typeof EVENT_TYPES)[number], string>> = {
  "agent.created": "An agent was created.",
  "agent.state_changed": "An agent does something else now.",
  "agent.moved":
    "An agent is at another place. It comes in a `latest` frame; of several the newest alone may come.",
  "agent.removed": "An agent was removed.",
  "task.assigned": "A task was created, and waits or has an agent.",
  "task.started": "An agent began to work on a task.",
  "task.progress": "A task is further than before.",
  "task.question":
    "An agent wants to know something before it goes on, and waits: POST /tasks/{task_id}/answer answers.",
  "task.answered":
    "A question is closed: it was answered, or its worker wants to know no more, or nobody has answered in time, and the task goes on.",
  "task.completed": "A task ended well.",
  "task.failed": "A task ended with an error, or ran into its time limit.",
  "task.cancelled": "A task was cancelled.",
  "task.reviewed": "What a task has changed was accepted or discarded.",
  "team.completed": "The last task of a team is over.",
  "scene.updated": "A scene was described anew.",
  "worker.joined": "Somebody began to do the work on tasks. Keys alone hear of it.",
  "worker.left":
    "A worker stopped, or was silent for too long; its tasks go to others. Keys alone hear of it.",
  "session.expiring": "A session ends soon, unless something is heard of it.",
};

/** The live side of the contract as an AsyncAPI 3 document. It is written at build time; no program needs it to run. */
export function asyncApiDocument(): JsonObject {
  const messages = { ...messagesOf(clientFrames), ...messagesOf(serverFrames), ...eventMessages() };
  return {
    asyncapi: "3.0.0",
    info: {
      title: "AgentVM events",
      version: PACKAGE_VERSION,
      description: ABOUT,
      license: { name: "BSD-3-Clause" },
    },
    defaultContentType: "application/json",
    servers: {
      local: {
        host: "localhost:8000",
        protocol: "ws",
        description: "Where `agentvm serve` listens unless told otherwise.",
      },
    },
    channels: {
      events: {
        address: "/ws",
        title: "The event stream",
        servers: [{ $ref: "#/servers/local" }],
        messages: Object.fromEntries(
          Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
        bindings: { ws: { method: "GET", bindingVersion: "0.1.0" } },
      },
    },
    operations: {
      receiveFrames: {
        action: "receive",
        channel: { $ref: "#/channels/events" },
        summary: "What a client sends to the server.",
        messages: Object.keys(clientFrames).map(channelMessage),
      },
      sendFrames: {
        action: "send",
        channel: { $ref: "#/channels/events" },
        summary: "What the server sends to keep the stream alive and to answer.",
        messages: Object.keys(serverFrames).map(channelMessage),
      },
      sendEvents: {
        action: "send",
        channel: { $ref: "#/channels/events" },
        summary: "What happened.",
        messages: EVENT_TYPES.map(channelMessage),
      },
    },
    components: { messages, schemas: schemas() },
    "x-protocol-version": PROTOCOL_VERSION,
    "x-close-codes": Object.fromEntries(
      Object.entries(frames.closeCodes).map(([code, meaning]) => [code, { ...meaning } satisfies JsonObject]),
    ),
  };
}

const channelMessage = (name: string): JsonObject => ({ $ref: `#/channels/events/messages/${name}` });

/** `agent.state_changed` and `Data` give `AgentStateChangedData`. */
function schemaName(message: string, suffix: "Frame" | "Data"): string {
  const words = message.split(/[._]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return words.join("") + suffix;
}

function messagesOf(side: Readonly<Record<string, Frame>>): Record<string, JsonObject> {
  return Object.fromEntries(
    Object.entries(side).map(([name, { summary }]) => [
      name,
      { name, title: name, summary, payload: refTo(schemaName(name, "Frame")) },
    ]),
  );
}

function eventMessages(): Record<string, JsonObject> {
  return Object.fromEntries(
    EVENT_TYPES.map((type) => [
      type,
      {
        name: type,
        title: type,
        summary: eventWords[type],
        payload: {
          allOf: [
            refTo("EventFrame"),
            { type: "object", properties: { type: { const: type }, data: refTo(schemaName(type, "Data")) } },
          ],
        },
      },
    ]),
  );
}

function schemas(): Record<string, JsonObject> {
  const sent: Record<string, Schema> = { EventFrame: eventFrameSchema };
  for (const type of EVENT_TYPES) sent[schemaName(type, "Data")] = eventDataSchemas[type];
  return mergeComponents(
    framesOf("input", clientFrames),
    framesOf("output", serverFrames),
    toComponents("output", sent),
  );
}

function framesOf(direction: Direction, side: Readonly<Record<string, Frame>>): Record<string, JsonObject> {
  return toComponents(
    direction,
    Object.fromEntries(Object.entries(side).map(([name, { schema }]) => [schemaName(name, "Frame"), schema])),
  );
}
