import { isObject } from "../../../src/contract/is-object.js";
import { COMMAND_METHODS } from "../../../src/contract/frames.js";
import { routeOfCommand } from "../../../src/contract/command-routes.js";
import { routes } from "../../../src/contract/routes.js";
import { errorCodes, isErrorCode } from "../../../src/contract/errors.js";
import type { Route, RouteName } from "../../../src/contract/index.js";
import { createMatcher } from "../../calls/matcher.js";
import { parseQuery, splitTarget } from "../../calls/target.js";
import { canonical, differenceOf } from "./canonical.js";
import type { RecordedCall, RecordedFrame, Recording } from "./recording.js";
import { parsedJson } from "../../../src/contract/parsed-json.js";

/** What is asked for, whichever way it comes. */
export interface Asked {
  readonly route: RouteName;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** An answer that was recorded. */
export interface KnownAnswer {
  readonly asked: Asked;
  /** Milliseconds from the beginning of the recording on, when it was asked. */
  readonly at: number;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: string | null;
  readonly pieces: RecordedCall["pieces"];
  /** When it was asked first in the replay, in milliseconds of the backend's clock; null before that. */
  askedAt: number | null;
}

/** Calls after which events are expected: what only keeps things going, or comes with each frame of a game, is none. */
const WITHOUT_EVENTS: ReadonlySet<RouteName> = new Set([
  "gameHeartbeat",
  "agentMove",
  "agentMoveMany",
  "analyticsEvents",
  "batch",
]);

/** The answers of a recording, by what they are answers to. */
export class RecordedAnswers {
  readonly #byKey = new Map<string, { readonly all: KnownAnswer[]; next: number }>();
  readonly #all: KnownAnswer[] = [];
  /** Those that have events of their own, by their time. */
  readonly #causes: readonly KnownAnswer[];

  constructor({ lines }: Recording) {
    for (const line of lines) {
      if (line.type === "call") this.#addCall(line);
      else if (line.type === "frame" && line.from === "client")
        this.#addCommand(line, lines.filter(isServerFrame));
    }
    this.#all.sort((one, other) => one.at - other.at);
    this.#causes = this.#all.filter(hasEvents);
  }

  /**
   * The answer to something; the last one that was recorded is given again. Null where there is none.
   *
   * @param after What is read and older than that is passed over, where something newer was read: events have told more since, and a
   * client that has heard them would wait for what it heard already.
   */
  take(asked: Asked, now: number, after = -Infinity): KnownAnswer | null {
    const found = this.#byKey.get(keyOf(asked));
    if (found === undefined) return null;
    const last = found.all.length - 1;
    let place = Math.min(found.next, last);
    if (routes[asked.route].method === "GET")
      while (place < last && (found.all[place]?.at ?? 0) < after) place += 1;
    const answer = found.all[place] ?? null;
    found.next = place + 1;
    if (answer !== null) answer.askedAt ??= now;
    return answer;
  }

  /** Why there is no answer: what comes near. */
  whyNot({ route, params, query, body }: Asked): string {
    const near = this.#all.filter((known) => known.asked.route === route);
    const [first] = near;
    if (first === undefined) return `The recording has no call ${nameOf(route)} at all`;
    const place =
      differenceOf(params, first.asked.params, "path") ??
      differenceOf(query, first.asked.query, "query") ??
      differenceOf(body, first.asked.body, "body");
    return `The recording has ${near.length} calls ${nameOf(route)}, and none is the same: ${place ?? "the order"} differs`;
  }

  /** The last call before a moment of the recording that has events of its own. */
  causeOf(at: number): KnownAnswer | null {
    let before = 0;
    let from = this.#causes.length;
    while (before < from) {
      const middle = (before + from) >> 1;
      if ((this.#causes[middle]?.at ?? 0) <= at) before = middle + 1;
      else from = middle;
    }
    return this.#causes[before - 1] ?? null;
  }

  #addCall(line: RecordedCall): void {
    const asked = askedByRequest(line);
    if (asked === null) return;
    if (asked.route === "batch") return this.#addBatch(line);
    const { at, status, headers, answer, pieces } = line;
    this.#add({ asked, at, status, headers, answer, pieces, askedAt: null });
  }

  /** What a batch asks for counts, and not which calls came together: that is as the moment has it. */
  #addBatch({ at, body, answer }: RecordedCall): void {
    const requests = requestsOf(body);
    const said: unknown = parsedJson(answer ?? "");
    const responses = isObject(said) ? objectsOf(said["responses"]) : [];
    for (const [place, request] of requests.entries()) {
      const response = responses[place];
      const { method, path } = request;
      if (response === undefined || typeof method !== "string" || typeof path !== "string") continue;
      this.#addCall({
        type: "call",
        at,
        method,
        path,
        body: request["body"] ?? null,
        status: Number(response["status"]),
        headers: { "content-type": "application/json" },
        answer: JSON.stringify(response["body"]),
        pieces: [],
      });
    }
  }

  #addCommand({ at, socket, frame }: RecordedFrame, answers: readonly RecordedFrame[]): void {
    const asked = askedByCommand(frame);
    const ack = answers.find(
      (one) => one.socket === socket && one.frame["id"] === frame["id"] && one.frame["type"] === "ack",
    );
    if (asked === null || ack === undefined) return;
    const { ok, result, error } = ack.frame;
    const code = isObject(error) ? String(error["code"]) : "";
    const status = ok === true ? 200 : isErrorCode(code) ? errorCodes[code].status : 500;
    const answer = JSON.stringify(ok === true ? result : error);
    const headers = { "content-type": "application/json" };
    this.#add({ asked, at, status, headers, answer, pieces: [], askedAt: null });
  }

  #add(known: KnownAnswer): void {
    const key = keyOf(known.asked);
    const found = this.#byKey.get(key) ?? { all: [], next: 0 };
    found.all.push(known);
    found.all.sort((one, other) => one.at - other.at);
    this.#byKey.set(key, found);
    this.#all.push(known);
  }
}

let matcher: ReturnType<typeof createMatcher> | null = null;

/** What a request asks for; null where it is none of the contract's. */
export function askedByRequest(request: {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body?: unknown;
}): Asked | null {
  const { path, query } = splitTarget(request.path);
  matcher ??= createMatcher();
  const found = matcher(request.method, path);
  if (found.kind !== "route") return null;
  const { name: route, params = {} } = found;
  return { route, params, query: parseQuery(query) ?? {}, body: request.body ?? null };
}

/** The requests of a batch's body. */
export function requestsOf(body: unknown): readonly Readonly<Record<string, unknown>>[] {
  return isObject(body) ? objectsOf(body["requests"]) : [];
}

/** What a command of the stream asks for; null for another frame. */
export function askedByCommand(frame: Readonly<Record<string, unknown>>): Asked | null {
  const method = COMMAND_METHODS.find((one) => one === frame["method"]);
  if (frame["type"] !== "command" || method === undefined) return null;
  const route = routeOfCommand[method];
  const fields = isObject(frame["params"]) ? frame["params"] : {};
  const { path }: Route = routes[route];
  const isInPath = ([name]: [string, unknown]): boolean => path.includes(`{${name}}`);
  const entries = Object.entries(fields);
  return {
    route,
    params: Object.fromEntries(entries.filter(isInPath)),
    query: {},
    body: Object.fromEntries(entries.filter((entry) => !isInPath(entry))),
  };
}

/** A call as people read it: `POST /tasks/assign`. */
export function nameOf(route: RouteName): string {
  const { method, path }: Route = routes[route];
  return `${method} ${path}`;
}

function hasEvents({ asked: { route }, status }: KnownAnswer): boolean {
  const { method }: Route = routes[route];
  return method !== "GET" && status < 400 && !WITHOUT_EVENTS.has(route);
}

function keyOf({ route, params, query, body }: Asked): string {
  return canonical([route, params, query, isEmpty(body) ? null : body]);
}

function isEmpty(body: unknown): boolean {
  return body === undefined || body === null || (isObject(body) && Object.keys(body).length === 0);
}

function isServerFrame(line: Recording["lines"][number]): line is RecordedFrame {
  return line.type === "frame" && line.from === "server";
}

function objectsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return items.every(isObject) ? items : [];
}
