import { expect } from "vitest";
import { errorBodySchema, errorCodes } from "../../src/contract/index.js";
import type { ErrorBody, ErrorCode } from "../../src/contract/index.js";
import { API_KEY } from "./host.js";
import type { ConformanceHost } from "./host.js";
import { read } from "../lib/read.js";

/** Who makes a call: the suite's key, a session, somebody with a wrong key, or nobody. */
export type As = "key" | "nobody" | { readonly token: string } | { readonly key: string };

export interface CallOptions {
  readonly as?: As | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`; `headers` say what it is. */
  readonly raw?: string | Uint8Array | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** An answer, read whole. */
export interface Exchange {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; the assertion on it is the check. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- every test asserts on what it reads
  readonly json: any;
}

export interface Game {
  readonly game_id: string;
  readonly as: { readonly token: string };
}

/** Headers that both hosts must give alike; the others are the transport's own. */
const COMPARED = [
  "allow",
  "cache-control",
  "content-type",
  "idempotency-replayed",
  "ratelimit-limit",
  "ratelimit-remaining",
  "ratelimit-reset",
  "retry-after",
  "www-authenticate",
  "x-next-cursor",
  "x-request-id",
];

/** One backend under test, with what most tests need to make first. Every exchange goes into the transcript. */
export class World {
  readonly transcript: string[] = [];
  readonly #host: ConformanceHost;

  constructor(host: ConformanceHost) {
    this.#host = host;
  }

  get endpoint(): string {
    return this.#host.endpoint;
  }

  /** Sends a request and leaves the answer's body to the test. */
  async open(
    method: string,
    path: string,
    { as = "key", body, raw, headers = {} }: CallOptions = {},
    signal?: AbortSignal,
  ) {
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    return this.#host.fetch(this.#host.endpoint + path, {
      method,
      headers: {
        ...credentials(as),
        "X-Request-Id": "conformance",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(content === undefined
        ? {}
        : { body: typeof content === "string" ? content : new Uint8Array(content) }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async call(method: string, path: string, options: CallOptions = {}): Promise<Exchange> {
    const response = await this.open(method, path, options);
    const text = await response.text();
    const { status, headers } = response;
    const compared = COMPARED.map((name) => `${name}: ${headers.get(name)}`).join("\n");
    this.transcript.push(`${method} ${path} -> ${status}\n${compared}\n\n${this.#normalised(text)}`);
    return {
      status,
      headers,
      text,
      get json() {
        return JSON.parse(text);
      },
    };
  }

  /** A call that has to succeed. */
  async ok(method: string, path: string, options: CallOptions = {}) {
    const exchange = await this.call(method, path, options);
    expect(exchange.text && exchange.status === 200 ? "success" : exchange.text).toBe("success");
    return exchange.json;
  }

  /** A call that has to fail with a code, in the contract's form. */
  async fails(code: ErrorCode, method: string, path: string, options: CallOptions = {}): Promise<ErrorBody> {
    return isRefused(await this.call(method, path, options), code);
  }

  advance(ms: number): void | Promise<void> {
    return this.#host.advance(ms);
  }

  events() {
    return this.#host.events();
  }

  async agent(body: Record<string, unknown> = {}, as?: As): Promise<string> {
    return (await this.ok("POST", "/agents/create", { as, body: { agent_type: "aider", ...body } })).agent_id;
  }

  async task(body: Record<string, unknown> = {}, as?: As): Promise<string> {
    return (await this.ok("POST", "/tasks/assign", { as, body: { prompt: "Fix the jump", ...body } }))
      .task_id;
  }

  /** A task that ended a while ago. */
  async endedTask(): Promise<string> {
    await this.agent();
    const task = await this.task();
    await this.advance(3_600_000);
    return task;
  }

  async game(game_id?: string): Promise<Game> {
    const connected = await this.ok("POST", "/game/connect", {
      body: game_id === undefined ? {} : { game_id },
    });
    return { game_id: connected.game_id, as: { token: connected.session_token } };
  }

  #normalised(text: string): string {
    const { host } = new URL(this.#host.endpoint);
    return text.replaceAll(host, "host.of.the.test");
  }
}

/** Checks that an answer is an error of the contract, with this code and all its parts. */
export function isRefused(exchange: Exchange, code: ErrorCode): ErrorBody {
  const body = read(errorBodySchema, exchange.json);
  expect({ status: exchange.status, ...body }).toMatchObject({
    status: errorCodes[code].status,
    success: false,
    code,
    remediation: errorCodes[code].remediation,
  });
  expect(body.error).not.toBe("");
  expect(exchange.headers.get("content-type")).toBe("application/json");
  expect(exchange.headers.get("x-request-id")).toBe(body.request_id);
  if (code === "invalid_request") expect(Array.isArray(body.detail)).toBe(true);
  return body;
}

/** The `loc` of each part of an error's detail. */
export function locations({ detail }: ErrorBody): (string | number)[][] {
  return Array.isArray(detail) ? detail.map(({ loc }) => loc) : [];
}

function credentials(as: As): Record<string, string> {
  if (as === "nobody") return {};
  if (as === "key") return { "X-API-Key": API_KEY };
  return "token" in as ? { Authorization: `Bearer ${as.token}` } : { "X-API-Key": as.key };
}
