import { type ErrorCode, errorCodes } from "../../src/contract/errors.js";
import type { Route } from "../../src/contract/route.js";
import { routeNotes } from "../../src/contract/route-notes.js";
import { routeRoles } from "../../src/contract/roles.js";
import { ROUTE_NAMES, type RouteName, routes } from "../../src/contract/routes.js";
import { fits } from "../../src/contract/schema.js";
import { bodyExamples } from "./examples.js";
import { type Json, type JsonObject, nameOf, refTo, toJson } from "./json-schema.js";

/** The name that a part of a call has among the schemas: `agentCreate` and `Body` give `AgentCreateBody`. */
export function schemaName(route: RouteName, part: "Body" | "Answer" | "Query" | "Params"): string {
  return capital(route) + part;
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** Every code that a call can answer with: its own, and those that come with what it takes. */
export function errorsOf(name: RouteName): ErrorCode[] {
  const route: Route = routes[name];
  const codes = new Set<ErrorCode>(routeNotes[name].errors);
  if (route.method !== "GET") {
    for (const code of ["malformed_json", "payload_too_large", "unsupported_media_type"] as const)
      codes.add(code);
  }
  if (route.access !== "open") {
    for (const code of ["unauthorized", "session_expired", "forbidden", "rate_limited"] as const)
      codes.add(code);
  }
  // No call takes a query parameter that it does not know.
  codes.add("invalid_request");
  if (route.method === "POST") codes.add("idempotency_conflict");
  for (const code of ["internal", "unavailable"] as const) codes.add(code);
  return [...codes];
}

/**
 * The `paths` of the document. `properties` gives the JSON Schema of each field of a query or of a path's parameters.
 */
export function pathItems(properties: (schema: string) => JsonObject): JsonObject {
  const items: Record<string, Record<string, Json>> = {};
  for (const name of ROUTE_NAMES) {
    const route: Route = routes[name];
    for (const [index, path] of [route.path, ...(route.aliases ?? [])].entries()) {
      const item = (items[path] ??= {});
      item[route.method.toLowerCase()] = operation(name, route, index, properties);
    }
  }
  return items;
}

function operation(
  name: RouteName,
  route: Route,
  index: number,
  properties: (schema: string) => JsonObject,
): JsonObject {
  return {
    operationId: index === 0 ? name : `${name}Alias${index === 1 ? "" : index}`,
    summary: routeNotes[name].summary,
    ...describedAs(name, route, index),
    tags: [routeNotes[name].tag],
    security: security(route),
    parameters: parametersOf(name, route, properties),
    ...(route.body === undefined ? {} : { requestBody: requestBody(name, fits(route.body, {})) }),
    responses: { "200": success(name, route), ...failures(name) },
  };
}

/** What an operation says beside its summary: that it is another's, and which keys may call it. */
function describedAs(name: RouteName, route: Route, index: number): JsonObject {
  const same = index > 0 ? [`The same as \`${route.method} ${route.path}\`.`] : [];
  const roles = [...routeRoles[name], "admin"].map((role) => `\`${role}\``).join(", ");
  const keys = route.access === "open" || route.access === "session" ? [] : [`Roles of keys: ${roles}.`];
  const sentences = [...same, ...keys];
  return sentences.length === 0 ? {} : { description: sentences.join(" ") };
}

function security(route: Route): JsonObject[] {
  const key = { apiKey: [] };
  const session = { sessionToken: [] };
  switch (route.access) {
    case "open":
      return [];
    case "caller":
      return [key, session];
    case "key":
      return [key];
    case "session":
      return [session];
  }
}

function parametersOf(
  name: RouteName,
  route: Route,
  properties: (schema: string) => JsonObject,
): JsonObject[] {
  const list: JsonObject[] = [];
  if (route.params !== undefined) {
    for (const [field, schema] of Object.entries(properties(schemaName(name, "Params")))) {
      list.push({ name: field, in: "path", required: true, schema });
    }
  }
  if (route.query !== undefined) {
    for (const [field, schema] of Object.entries(properties(schemaName(name, "Query")))) {
      const description = queryWords[field];
      list.push({
        name: field,
        in: "query",
        required: false,
        ...(description === undefined ? {} : { description }),
        schema,
      });
    }
  }
  if (route.method === "POST") list.push({ $ref: "#/components/parameters/IdempotencyKey" });
  list.push({ $ref: "#/components/parameters/RequestId" });
  return list;
}

const queryWords: Readonly<Record<string, string>> = {
  limit: "Items a page; 100 when left out.",
  cursor: "The `X-Next-Cursor` of the page before.",
  offset:
    "Bytes of UTF-8 to skip; the `offset` of a line plus the bytes of its `text` is where the next begins.",
};

const examples = new Map<string, unknown>(Object.entries(bodyExamples));

function requestBody(name: RouteName, mayBeEmpty: boolean): JsonObject {
  const example = examples.get(name);
  return {
    required: !mayBeEmpty,
    content: {
      "application/json": {
        schema: refTo(schemaName(name, "Body")),
        ...(example === undefined ? {} : { example: toJson(example) }),
      },
    },
  };
}

function success(name: RouteName, route: Route): JsonObject {
  return {
    description: "Done.",
    headers: {
      ...commonHeaders(route),
      ...(route.answer.kind === "list" ? { "X-Next-Cursor": header("NextCursor") } : {}),
      ...(route.method === "POST" ? { "Idempotency-Replayed": header("IdempotencyReplayed") } : {}),
    },
    content: answerContent(name, route),
  };
}

function answerContent(name: RouteName, route: Route): JsonObject {
  const { answer } = route;
  switch (answer.kind) {
    case "json":
      return { "application/json": { schema: refTo(schemaName(name, "Answer")) } };
    case "list":
      return { "application/json": { schema: { type: "array", items: refTo(nameOf(answer.item)) } } };
    case "ndjson":
      // OpenAPI 3.1 has no word for a stream of values: the schema is that of one line.
      return { "application/x-ndjson": { schema: refTo(nameOf(answer.line)) } };
    case "text":
      return {
        [answer.mediaType]: {
          schema: { type: answer.mediaType === "application/json" ? "object" : "string" },
        },
      };
  }
}

/** A call's failures by status, as references to `failureResponses`. */
function failures(name: RouteName): JsonObject {
  const route: Route = routes[name];
  return Object.fromEntries(
    byStatus(name).map(([status, codes]) => [
      String(status),
      { $ref: `#/components/responses/${responseName(route, codes)}` },
    ]),
  );
}

/** Every failure that some call refers to, by name: `UnauthorizedOrSessionExpired`. */
export function failureResponses(): JsonObject {
  const all: Record<string, JsonObject> = {};
  for (const name of ROUTE_NAMES) {
    const route: Route = routes[name];
    for (const [status, codes] of byStatus(name)) {
      all[responseName(route, codes)] = {
        description: codes.map((code) => `\`${code}\``).join(" or ") + ".",
        headers: {
          ...commonHeaders(route),
          ...(status === 429 || status === 503 ? { "Retry-After": header("RetryAfter") } : {}),
        },
        content: {
          "application/json": {
            schema: { allOf: [refTo("Error"), { properties: { code: { enum: codes } } }] },
          },
        },
      };
    }
  }
  return Object.fromEntries(Object.entries(all).sort(([left], [right]) => (left < right ? -1 : 1)));
}

function byStatus(name: RouteName): [status: number, codes: ErrorCode[]][] {
  const groups = new Map<number, ErrorCode[]>();
  for (const code of errorsOf(name)) {
    const { status } = errorCodes[code];
    groups.set(status, [...(groups.get(status) ?? []), code]);
  }
  return [...groups].sort(([left], [right]) => left - right);
}

/** What an open call answers carries no rate limit, so its failures are other ones. */
function responseName(route: Route, codes: readonly ErrorCode[]): string {
  const words = codes.map((code) => code.split("_").map(capital).join(""));
  return (route.access === "open" ? "Open" : "") + words.join("Or");
}

function commonHeaders(route: Route): JsonObject {
  return {
    "X-Request-Id": header("RequestId"),
    ...(route.access === "open"
      ? {}
      : {
          "RateLimit-Limit": header("RateLimitLimit"),
          "RateLimit-Remaining": header("RateLimitRemaining"),
          "RateLimit-Reset": header("RateLimitReset"),
        }),
  };
}

const header = (name: string): JsonObject => ({ $ref: `#/components/headers/${name}` });
