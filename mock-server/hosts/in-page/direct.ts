import { playRoutes } from "../../../src/contract/play-routes.js";
import { workerHeads } from "../../../src/contract/routes/worker-heads.js";
import { namesOf } from "../../../src/contract/names-of.js";
import type { Route, RouteName } from "../../../src/contract/index.js";
import { abortReason } from "../../calls/abort-reason.js";
import type { Desk, FoundRoute } from "../../calls/desk.js";
import { bodyText } from "../../calls/body-text.js";
import type { bytesOf } from "../../calls/byte-stream.js";
import type { Answer } from "../../calls/answer.js";
import { loadCode } from "../../calls/load-code.js";

/** A call as the SDK hands it to a transport. */
export interface DirectRequest {
  /** The address that says the same; it is not looked at. */
  readonly url: string;
  readonly route: Pick<Route, "method" | "path">;
  readonly params?: Readonly<Record<string, string>> | undefined;
  readonly query?: object | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
  readonly signal: AbortSignal;
  readonly stream: boolean;
}

/** An answer as the SDK takes it from a transport. */
export interface DirectResponse {
  readonly status: number;
  header(name: string): string | null;
  readonly text: string;
  readonly stream: ReadableStream<Uint8Array> | null;
}

/** The way from an SDK to a backend in the same page: the same answers as over HTTP, with no address and no `Response` in between. */
export interface DirectTransport {
  send(request: DirectRequest): Promise<DirectResponse>;
}

/** What a {@link createDirectTransport | direct transport} is made of. */
export interface DirectParts {
  readonly desk: Desk;
  /** Where the caller is told that the backend is. */
  readonly origin: string;
  readonly closed: () => boolean;
  /** Gets the code of answers that come in pieces. */
  readonly load: LoadBytes;
}

/** The code of answers that come in pieces. */
export interface BytesCode {
  readonly bytesOf: typeof bytesOf;
}

/** The calls as far as it takes to find them. */
const routes: Readonly<Record<RouteName, Pick<Route, "method" | "path" | "access">>> = {
  ...playRoutes,
  ...workerHeads,
};

function isRoute(name: string): name is RouteName {
  return Object.hasOwn(routes, name);
}

type LoadBytes = () => Promise<BytesCode>;

/** Lays it. Once the backend is closed every call rejects with a TypeError, as on a dead network. */
export function createDirectTransport({ desk, origin, closed, load }: DirectParts): DirectTransport {
  const names = new Map(namesOf(routes, isRoute).map((name) => [callOf(routes[name]), name]));

  return {
    async send({ route, params, query, headers, body, signal, stream }) {
      const name = names.get(callOf(route));
      if (closed() || name === undefined) throw new TypeError("the backend in this page is closed");
      if (signal.aborted) throw abortReason(signal);
      const found: FoundRoute = { name, route: routes[name], params };
      const answer = await desk.answer({
        found,
        requestId: headers["x-request-id"],
        origin,
        idempotencyKey: headers["idempotency-key"],
        remote: () => undefined,
        signal,
        headersOnly: false,
        credentials: () => ({
          apiKey: headers["x-api-key"],
          sessionToken: headers["authorization"]?.replace(/^Bearer /, ""),
        }),
        query: () => textsOf(query),
        body: () => (typeof body === "string" ? bodyText(body) : null),
      });
      return responseOf(answer, stream, signal, load);
    },
  };
}

function callOf({ method, path }: Pick<Route, "method" | "path">): string {
  return `${method} ${path}`;
}

/** A query as an address carries it. */
function textsOf(query: object | undefined): Record<string, string> | undefined {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? undefined
    : Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

async function responseOf(
  { status, headers, body }: Answer,
  stream: boolean,
  signal: AbortSignal,
  load: LoadBytes,
): Promise<DirectResponse> {
  const whole = { status, header: (name: string) => headers[name] ?? null, text: "", stream: null };
  if (body === null || typeof body === "string") return { ...whole, text: body ?? "" };
  const { bytesOf } = await loadCode("streamed output", load);
  const bytes = bytesOf(body, signal);
  return stream ? { ...whole, stream: bytes } : { ...whole, text: await new Response(bytes).text() };
}
