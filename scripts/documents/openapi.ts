import {
  type JsonObject,
  isJsonObject,
  mergeComponents,
  nameOf,
  refTo,
  toComponents,
} from "./json-schema.js";
import { failureResponses, pathItems, schemaName } from "./operations.js";
import { errorCodes } from "../../src/contract/errors.js";
import { KEY_ROLES } from "../../src/contract/roles.js";
import { BODY_MAX_BYTES, BODY_VALUES_MAX, IDEMPOTENCY_TTL_SECONDS } from "../../src/contract/limits.js";
import type { Route } from "../../src/contract/route.js";
import { ROUTE_NAMES, routes } from "../../src/contract/routes.js";
import type { Schema } from "../../src/contract/schema.js";
import { PACKAGE_VERSION } from "../../src/contract/version.js";

const ABOUT = `Drives AI coding agents as characters in a game: create agents, give them tasks, follow what they do.

Every answer is HTTP 200 with \`success: true\`, or an error of the form \`Error\`. Bodies are JSON in UTF-8 of at most \
${BODY_MAX_BYTES / 1_048_576} MiB and ${BODY_VALUES_MAX.toLocaleString("en")} values, and may be sent with \`Content-Encoding: gzip\`. \
An unknown field of a request is refused; a client must ignore fields of an answer that it does not know. What a server could not tell again \
as it came is refused: a number beyond those of 64 bits (\`1e400\`), a whole number of more digits than one of them holds, and the name \
\`__proto__\`. Zero has no sign: \`-0\` is read as \`0\`. In the rate limit a call counts as one request, and as one more for each 64 KiB or \
4,000 values of its body. Any POST may carry an \`Idempotency-Key\`: the same key with \
the same body gives the first answer again for ${IDEMPOTENCY_TTL_SECONDS / 3_600} hours, with \`Idempotency-Replayed: true\`. \
Live events come over a WebSocket at \`/ws\`, which \`/asyncapi.json\` describes.`;

const tags: readonly JsonObject[] = [
  { name: "agents", description: "The agents, and where they are." },
  { name: "tasks", description: "The work that agents do." },
  { name: "workers", description: "Those who do the work on tasks, from processes of their own." },
  { name: "game", description: "Sessions of games, and their scenes." },
  { name: "analytics", description: "What clients have measured." },
  { name: "system", description: "The server itself." },
];

/** The whole REST side of the contract as an OpenAPI 3.1 document. It is written at build time; no program needs it to run. */
export function openApiDocument(): JsonObject {
  const parameterSchemas = toComponents("input", collect("Params", "Query"));
  return {
    openapi: "3.1.0",
    info: {
      title: "AgentVM",
      version: PACKAGE_VERSION,
      summary: "AI coding agents as characters in games.",
      description: ABOUT,
      license: { name: "BSD-3-Clause", identifier: "BSD-3-Clause" },
    },
    servers: [
      { url: ".", description: "Where this document was read, whatever stands before it in the address." },
      { url: "http://localhost:8000", description: "Where `agentvm serve` listens unless told otherwise." },
    ],
    tags,
    paths: pathItems((name) => propertiesOf(parameterSchemas[name])),
    components: {
      schemas: { ...schemas(parameterSchemas), ErrorCode: errorCode },
      responses: failureResponses(),
      headers,
      parameters,
      securitySchemes: {
        apiKey: {
          type: "apiKey",
          in: "header",
          name: "X-API-Key",
          description: `A key has one of the roles ${KEY_ROLES.join(", ")}; \`admin\` may make every call.`,
        },
        sessionToken: {
          type: "http",
          scheme: "bearer",
          description: "The `session_token` that `POST /game/connect` answered. It sees its own game alone.",
        },
      },
    },
    "x-error-codes": Object.fromEntries(
      Object.entries(errorCodes).map(([code, info]) => [code, { ...info } satisfies JsonObject]),
    ),
  };
}

const headers: JsonObject = {
  RequestId: {
    description: "The request's id, as it was sent or as it was made.",
    schema: { type: "string" },
  },
  RateLimitLimit: { description: "Requests a minute that this key may make.", schema: { type: "integer" } },
  RateLimitRemaining: { description: "Requests that are left now.", schema: { type: "integer" } },
  RateLimitReset: { description: "Seconds until all of them are back.", schema: { type: "integer" } },
  RetryAfter: { description: "Seconds to wait before the next try.", schema: { type: "integer" } },
  NextCursor: {
    description: "The `cursor` of the next page; absent on the last.",
    schema: { type: "string" },
  },
  IdempotencyReplayed: {
    description: "`true` when this is the answer to an earlier request with the same key.",
    schema: { type: "string", enum: ["true"] },
  },
};

const parameters: JsonObject = {
  RequestId: {
    name: "X-Request-Id",
    in: "header",
    required: false,
    description:
      "An id for this request; it comes back in the answer and in every error. One that does not fit is replaced.",
    schema: { type: "string", pattern: "^[A-Za-z0-9._:/+=@-]{1,128}$" },
  },
  IdempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    required: false,
    description: "Makes it safe to send the request again: the work is done once.",
    schema: refTo("Id"),
  },
};

/** The JSON Schemas that operations refer to. */
function schemas(parameterSchemas: Readonly<Record<string, JsonObject>>): Record<string, JsonObject> {
  const inlined = new Set(Object.keys(collect("Params", "Query")));
  const all = mergeComponents(
    Object.fromEntries(Object.entries(parameterSchemas).filter(([name]) => !inlined.has(name))),
    toComponents("input", collect("Body")),
    toComponents("output", collect("Answer"), ["Error", ...listed()]),
  );
  const error = all["Error"] ?? {};
  return {
    ...all,
    // The schema that clients use takes any code, since a newer server may have more of them.
    Error: { ...error, properties: { ...propertiesOf(error), code: refTo("ErrorCode") } },
  };
}

const errorCode: JsonObject = {
  description: "What went wrong, for a program.",
  type: "string",
  enum: Object.keys(errorCodes),
};

function propertiesOf(schema: JsonObject | undefined): JsonObject {
  const properties = schema?.["properties"];
  return isJsonObject(properties) ? properties : {};
}

type Part = "Body" | "Answer" | "Query" | "Params";

function collect(...parts: readonly Part[]): Record<string, Schema> {
  const found: Record<string, Schema> = {};
  for (const name of ROUTE_NAMES) {
    for (const part of parts) {
      const schema = partOf(routes[name], part);
      if (schema !== undefined) found[schemaName(name, part)] = schema;
    }
  }
  return found;
}

function partOf(route: Route, part: Part): Schema | undefined {
  switch (part) {
    case "Body":
      return route.body;
    case "Query":
      return route.query;
    case "Params":
      return route.params;
    case "Answer":
      return route.answer.kind === "json" ? route.answer.schema : undefined;
  }
}

/** Names of what lists and streams are made of. */
function listed(): ReturnType<typeof nameOf>[] {
  return ROUTE_NAMES.flatMap((name) => {
    const { answer }: Route = routes[name];
    if (answer.kind === "list") return [nameOf(answer.item)];
    return answer.kind === "ndjson" ? [nameOf(answer.line)] : [];
  });
}
