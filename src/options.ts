import { urlOf } from "./contract/url.js";
import type { Clock, Random } from "./contract/index.js";
import { ConfigError } from "./errors/config-error.js";
import type { CredentialOptions } from "./client/http/credentials.js";
import type { MovesOptions } from "./moves/moves-options.js";
import type { Logger } from "./client/http/logger.js";
import { isCredentialText, isTimeLimit } from "./client/http/options.js";
import type { Fetch } from "./client/http/transport.js";
import type { WebSocketConstructor } from "./client/stream/ports.js";

/** Where an AgentVM runs; `production` refuses endpoints that are neither encrypted nor on this machine. */
export type Environment = "development" | "staging" | "production";

/** What an AgentVM is made with. Everything can be left out. */
export interface AgentVMOptions extends CredentialOptions {
  /** The server's base URL, with or without a path. Default `http://localhost:8000`. */
  readonly endpoint?: string | undefined;
  /**
   * Where the event stream is: `wss://…` or `ws://…`. Default: beside the endpoint, `/ws` after its path, or at the path that the server
   * tells; whatever it tells, on the endpoint's own host.
   */
  readonly websocketUrl?: string | undefined;
  /** A key of the server, sent as `X-API-Key`. Not together with `sessionToken` or `getToken`. */
  readonly apiKey?: string | undefined;
  /** The token of a game session that somebody else opened. Not together with `apiKey` or `getToken`. */
  readonly sessionToken?: string | undefined;
  /**
   * Gives a session token, at once or later. It is asked before the first call, and once more when the server
   * answers 401. Not together with `apiKey` or `sessionToken`.
   */
  readonly getToken?: (() => string | Promise<string>) | undefined;
  /** Default `development`. In `production` an endpoint of `http:` or `ws:` that is not this machine is refused. */
  readonly environment?: Environment | undefined;
  /** How often a call is tried again after its first try, where that is safe. Default 2. */
  readonly retries?: number | undefined;
  /** Milliseconds for one attempt. Default 30000. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds for a whole call, with its retries and the waits between them. Default 120000. */
  readonly totalTimeoutMs?: number | undefined;
  /**
   * Bytes of one answer at the most, as they are when nothing is compressed any more. Default 16777216 (16 MiB). An answer that is longer is
   * not read further and is a ContractError `answer_too_large`. Output that comes as a stream has no such bound but on its lines.
   */
  readonly maxAnswerBytes?: number | undefined;
  /** Used in the place of the machine's own network: `createMockBackend().fetch`, or any `fetch`, as one that goes through a proxy. */
  readonly fetch?: Fetch | undefined;
  /** Used in the place of the runtime's own WebSocket, or of `ws` where it has none, as Node 20. */
  readonly WebSocket?: WebSocketConstructor | undefined;
  /**
   * Whether `connect` opens the live event stream. Default true; with false nothing is heard, handles ask for their tasks
   * and every call goes by HTTP.
   */
  readonly events?: boolean | undefined;
  /**
   * Whether calls of one tick that can share a request do, by `POST /batch`: up to 100 of them. Each keeps its own answer, error,
   * time limit, retries and cancellation. Default true; a server without batches is noticed.
   */
  readonly batching?: boolean | undefined;
  /**
   * Characters of JSON above which what a call sends is compressed with gzip, where the runtime can and the server takes it. Default 16384:
   * shorter bodies fit a few packets anyway. Infinity: never. Calls to a backend in the same page are not compressed.
   */
  readonly compressAbove?: number | undefined;
  /** How the moves of a game loop are gathered; false: every `agents.move` is a call of its own. See `MovesOptions`. */
  readonly moves?: MovesOptions | false | undefined;
  /** Where time comes from. Default: the machine's clock. */
  readonly clock?: Clock | undefined;
  /** Where chance comes from: numbers from 0 up to, not including, 1. Default: the machine's. */
  readonly random?: Random | undefined;
  /** Where the SDK tells what it does; `console` fits. Default: nowhere. */
  readonly logger?: Logger | undefined;
}

function wrong(what: string, remediation: string): ConfigError {
  return new ConfigError(`new AgentVM(): ${what}`, { code: "config", outcome: "not_sent", remediation });
}

type Check = readonly [expected: string, fits: (value: unknown) => boolean];

const URL_TEXT: Check = ["a URL", (value) => typeof value === "string"];
const KEY: Check = ["a text of visible ASCII characters without spaces", isCredentialText];
const LIMIT: Check = ["a number of milliseconds above 0", isTimeLimit];
const FUNCTION: Check = ["a function", (value) => typeof value === "function"];
const FLAG: Check = ["true or false", (value) => typeof value === "boolean"];
const OBJECT: Check = ["an object", (value) => typeof value === "object" && value !== null];

/** The options' names and what each must be. */
const checks: Readonly<Record<keyof AgentVMOptions, Check>> = {
  endpoint: URL_TEXT,
  websocketUrl: URL_TEXT,
  apiKey: KEY,
  sessionToken: KEY,
  getToken: FUNCTION,
  environment: [
    "development, staging or production",
    (value) => value === "development" || value === "staging" || value === "production",
  ],
  retries: ["a whole number from 0 up", (value) => Number.isSafeInteger(value) && Number(value) >= 0],
  timeoutMs: LIMIT,
  totalTimeoutMs: LIMIT,
  maxAnswerBytes: ["a number of bytes above 0", (value) => typeof value === "number" && value > 0],
  fetch: FUNCTION,
  WebSocket: FUNCTION,
  events: FLAG,
  batching: FLAG,
  compressAbove: ["a number of characters from 0 up", (value) => typeof value === "number" && value >= 0],
  moves: ["false or an object", (value) => value === false || OBJECT[1](value)],
  clock: OBJECT,
  random: FUNCTION,
  logger: OBJECT,
};

function isOption(name: string): name is keyof AgentVMOptions {
  return Object.hasOwn(checks, name);
}

/** Checks options and throws one ConfigError for the first that is wrong. */
export function checkOptions(options: AgentVMOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (!isOption(name)) {
      throw wrong(`there is no option ${name}.`, `The options are ${Object.keys(checks).join(", ")}.`);
    }
    const [expected, fits] = checks[name];
    if (value !== undefined && !fits(value)) {
      throw wrong(`${name} must be ${expected}.`, `Correct ${name} or leave it out.`);
    }
  }
  const { apiKey, sessionToken, getToken } = options;
  if ([apiKey, sessionToken, getToken].filter((one) => one !== undefined).length > 1) {
    throw wrong("more than one of apiKey, sessionToken and getToken was given.", "Give one of them.");
  }
}

/** Whether a host name is this machine's by definition. */
function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** What an address that the user gives is for, and its scheme where nothing is encrypted. */
const schemes = { endpoint: "http", websocketUrl: "ws" } as const;

/** An address of the server without a slash at its end; throws a ConfigError for one that must not be used. */
export function checkAddress(
  name: keyof typeof schemes,
  text: string,
  environment: Environment | undefined,
): string {
  const scheme = schemes[name];
  const url = urlOf(text);
  if (url === null) throw wrong(`${name} must be a URL.`, `Give one like ${scheme}://localhost:8000.`);
  const { protocol, host, hostname } = url;
  if (protocol !== `${scheme}:` && protocol !== `${scheme}s:`) {
    throw wrong(
      `${name} begins with ${protocol}`,
      `Give one that begins with ${scheme}s:// or ${scheme}://.`,
    );
  }
  if (url.username || url.password || url.search || url.hash) {
    throw wrong(
      `${name} holds a name, a password, a query or a fragment.`,
      "Give its address and path alone; credentials go into apiKey, sessionToken or getToken.",
    );
  }
  if (environment === "production" && protocol === `${scheme}:` && !isLoopback(hostname)) {
    throw wrong(
      `in production ${protocol}//${host} is refused: what is sent there can be read on the way.`,
      "Use https:// or wss://, or another environment.",
    );
  }
  return `${protocol}//${host}${url.pathname.replace(/\/+$/, "")}`;
}
