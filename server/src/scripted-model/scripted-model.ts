import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { AgentError } from "../agent-error.js";
import { sendAnswer, sendJson, sendRefusal } from "./answering.js";
import { anthropic, countTokens } from "./anthropic.js";
import { KeptRequests, shownHeaders } from "./kept-requests.js";
import type { ModelRequest } from "./kept-requests.js";
import { openaiChat } from "./openai-chat.js";
import { openaiResponses } from "./openai-responses.js";
import { Player } from "./player.js";
import type { Protocol } from "./protocol.js";
import type { Scenario } from "./scenario.js";
import { Waits } from "./waits.js";

/** How a scripted model is started. */
export interface ScriptedModelOptions {
  /** The port on 127.0.0.1. Default: one that is free. */
  readonly port?: number;
  /** Told of each call as it comes. */
  readonly onRequest?: (request: ModelRequest) => void;
  /** Lets so many milliseconds go by, for steps that pause. Default: on the machine's clock. */
  readonly pause?: (ms: number) => Promise<void>;
}

/** A model that plays scenarios. */
export interface ScriptedModel {
  /** Where it listens: `http://127.0.0.1:4321`. The protocols of OpenAI are at `/v1` below. */
  readonly url: string;
  /** The newest calls, in their order; keys are not in them. */
  readonly requests: readonly ModelRequest[];
  /** Resolves when an answer has come to the step `wait` of this name. */
  reached(wait: string): Promise<void>;
  /** Lets the step `wait` of this name go on, now and later. */
  release(wait: string): void;
  /** Stops listening and breaks off what is under way. */
  close(): Promise<void>;
}

/** Bytes that a call may have; those of long conversations have a few millions. */
const BODY_MAX = 64 * 2 ** 20;

/** Connections at one time. */
const CONNECTIONS_MAX = 512;

/**
 * Starts a model endpoint on loopback that speaks what claude, opencode and codex ask for, and plays scenarios in place of a model.
 *
 * @throws AgentError when the port is taken.
 */
export async function startScriptedModel(
  scenarios: readonly Scenario[],
  { port = 0, onRequest, pause = (ms) => sleep(ms) }: ScriptedModelOptions = {},
): Promise<ScriptedModel> {
  const player = new Player(scenarios);
  const kept = new KeptRequests();
  const waits = new Waits();
  const pacing = { wait: (name: string) => waits.at(name), pause };

  const keep = (request: ModelRequest): ModelRequest => {
    kept.add(request);
    onRequest?.(request);
    return request;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? "GET";
    const path = new URL(request.url ?? "/", "http://127.0.0.1").pathname;
    const seen = { method, path, headers: shownHeaders(request.headers), call: null, scenario: null };
    const note = (kept: ModelRequest): void => {
      response.once("close", () => {
        kept.status = response.headersSent ? response.statusCode : 0;
      });
    };
    const text = await bodyOf(request);
    if (text === null) {
      note(keep({ ...seen, status: null }));
      sendJson(response, 413, { error: { message: `A call has ${BODY_MAX} bytes at most.` } });
      return;
    }
    const protocol = method === "POST" ? PROTOCOLS.find((one) => path.endsWith(one.path)) : undefined;
    if (protocol === undefined) {
      note(keep({ ...seen, status: null }));
      answerOther(path, text, response);
      return;
    }
    const call = protocol.read(jsonOf(text), request.headers);
    if (call === null) {
      note(keep({ ...seen, status: null }));
      const message = `The body is no call of ${protocol.name}.`;
      sendRefusal(response, protocol, { status: 400, message, retryAfter: null });
      return;
    }
    const reply = player.next(call);
    note(keep({ ...seen, call, scenario: reply.scenario, status: null }));
    if (reply.kind === "refusal") sendRefusal(response, protocol, reply.failure);
    else await sendAnswer(response, { protocol, call, parts: reply.parts, usage: reply.usage }, pacing);
  };

  const server = createServer((request, response) => {
    // A reader that goes away in the middle is none of our business.
    response.on("error", () => undefined);
    answer(request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (response.headersSent) response.destroy();
      else
        sendJson(response, 500, {
          error: { type: "api_error", message: `The scripted model failed: ${message}` },
        });
    });
  });
  server.maxConnections = CONNECTIONS_MAX;
  const url = await listen(server, port);
  return {
    url,
    requests: kept.all,
    reached: (wait) => waits.reached(wait),
    release: (wait) => waits.release(wait),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const PROTOCOLS: readonly Protocol[] = [anthropic, openaiChat, openaiResponses];

/** What is asked beside calls of the model: whether somebody is there, how long a call is, which models there are. */
function answerOther(path: string, body: string, response: ServerResponse): void {
  if (path.endsWith("/count_tokens")) sendJson(response, 200, countTokens(body));
  else if (path.endsWith("/models"))
    sendJson(response, 200, { object: "list", data: [{ id: "scripted", object: "model" }] });
  else if (path === "/") sendJson(response, 200, { scripted_model: true });
  else
    sendJson(response, 404, {
      error: { type: "not_found_error", message: `The scripted model knows nothing at ${path}.` },
    });
}

/** The body as text; null where it is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const pieces: Buffer[] = [];
  let length = 0;
  const stream: AsyncIterable<Buffer> = request;
  for await (const bytes of stream) {
    length += bytes.length;
    if (length > BODY_MAX) return null;
    pieces.push(bytes);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      reject(
        new AgentError(`The scripted model cannot listen at port ${port}: ${cause.message}`, {
          code: "port_taken",
          remediation: "Choose another port, or none, and a free one is taken.",
          cause,
        }),
      );
    });
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const own = typeof address === "object" && address !== null ? address.port : port;
      resolve(`http://127.0.0.1:${own}`);
    });
  });
}
