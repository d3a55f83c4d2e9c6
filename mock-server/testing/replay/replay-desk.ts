import type { Clock } from "../../../src/contract/index.js";
import type { Answer } from "../../calls/answer.js";
import type { Desk, DeskCall, DeskParts, FoundRoute } from "../../calls/desk.js";
import { readJson } from "../../domain/index.js";
import { REDACTED } from "../redact.js";
import { parsedJson } from "../../../src/contract/parsed-json.js";
import { askedByRequest, requestsOf } from "./answers.js";
import type { Asked, KnownAnswer } from "./answers.js";
import type { PlayedRecording } from "./replay.js";

/** What a client is given as its session's token, which no recording holds. */
const TOKEN = "replayed-session-token";

/** Answers calls from a recording. What is no call of the contract, the desk behind it refuses. */
export function replayDesk(
  desk: Desk,
  replay: PlayedRecording,
  parts: Pick<DeskParts, "watch" | "requestId" | "stopwatch">,
): Desk {
  const answer = async (call: DeskCall, found: FoundRoute): Promise<Answer> => {
    const started = parts.stopwatch();
    const requestId = call.requestId ?? parts.requestId();
    const text = found.route.method === "GET" ? null : await call.body();
    const body = text === null ? null : readJson(text);
    const asked = { route: found.name, params: found.params ?? {}, query: call.query() ?? {}, body };
    const given =
      found.name === "batch" ? batchAnswer(body, replay, requestId) : answerTo(asked, replay, requestId);
    if (parts.watch.size > 0) {
      const said = typeof given.body === "string" ? given.body : null;
      parts.watch.tell(
        {
          via: "request",
          route: found.name,
          params: found.params ?? {},
          status: given.status,
          ms: Math.max(0, parts.stopwatch() - started),
          request_id: requestId,
          caller: "replay",
          error: given.status >= 400 ? said : null,
        },
        { request: text, answer: said },
      );
    }
    return given;
  };
  return { answer: (call) => ("route" in call.found ? answer(call, call.found) : desk.answer(call)) };
}

/** The error's body for what a recording does not know. */
export function notRecordedBody(why: string, requestId: string): object {
  return {
    success: false,
    code: "not_recorded",
    error: `${why}.`,
    detail: null,
    request_id: requestId,
    remediation:
      "Record this call too with agentvm record, or ask as it was asked then; backend.replay.unknown lists all such calls.",
  };
}

function answerTo(asked: Asked, replay: PlayedRecording, requestId: string): Answer {
  const known = replay.take(asked);
  return typeof known === "string" ? notRecorded(known, requestId) : answerOf(known, requestId, replay.clock);
}

/** Answers what a batch asks for one by one, whichever of it came together when it was recorded. */
function batchAnswer(body: unknown, replay: PlayedRecording, requestId: string): Answer {
  const responses = requestsOf(body).map((request) => {
    const { id = "", method, path } = request;
    const asked = askedByRequest({ ...request, method: String(method), path: String(path) });
    const known =
      asked === null ? `${String(method)} ${String(path)} is no call of the contract` : replay.take(asked);
    if (typeof known === "string") return { id, status: 501, body: notRecordedBody(known, requestId) };
    return { id, status: known.status, body: parsedJson(known.answer ?? "") ?? known.answer };
  });
  return jsonAnswer(200, { success: true, responses }, requestId);
}

function notRecorded(why: string, requestId: string): Answer {
  return jsonAnswer(501, notRecordedBody(why, requestId), requestId);
}

function jsonAnswer(status: number, body: object, requestId: string): Answer {
  const headers = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-request-id": requestId,
  };
  return { status, headers, body: JSON.stringify(body) };
}

function answerOf({ status, headers, answer, pieces }: KnownAnswer, requestId: string, clock: Clock): Answer {
  const all = { ...headers, "cache-control": "no-store", "x-request-id": requestId };
  if (answer === null) return { status, headers: all, body: played(pieces, clock) };
  return {
    status,
    headers: all,
    body: answer.replaceAll(`"session_token":"${REDACTED}"`, `"session_token":"${TOKEN}"`),
  };
}

/** Pieces of an answer, each as long after the call as it came then. */
async function* played(pieces: KnownAnswer["pieces"], clock: Clock): AsyncGenerator<string, void> {
  const began = clock.now();
  for (const { at, text } of pieces) {
    const left = began + at - clock.now();
    if (left > 0) await new Promise<void>((resolve) => clock.setTimeout(resolve, left));
    yield text;
  }
}
