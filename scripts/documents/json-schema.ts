import * as z from "zod/mini";
import * as agents from "../../src/contract/agents.js";
import { descriptions } from "./descriptions.js";
import { errorBodySchema, errorDetailSchema } from "../../src/contract/error-body.js";
import { faultSchema } from "../../src/contract/fault.js";
import { limitsSchema } from "../../src/contract/limits.js";
import { metadataSchema } from "../../src/contract/metadata.js";
import {
  cursorSchema,
  idSchema,
  keywordSchema,
  placeSchema,
  positionSchema,
  timestampSchema,
} from "../../src/contract/primitives.js";
import type { Schema } from "../../src/contract/schema.js";
import { workspaceSchema } from "../../src/contract/scenes.js";
import { systemStatusSchema } from "../../src/contract/system.js";
import { taskOutputLineSchema } from "../../src/contract/task-output.js";
import * as tasks from "../../src/contract/tasks.js";

/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Whether a value is an object of JSON. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The things of the contract that both documents give a name of their own. */
const named = {
  Id: idSchema,
  Timestamp: timestampSchema,
  Keyword: keywordSchema,
  Position: positionSchema,
  Place: placeSchema,
  Metadata: metadataSchema,
  Cursor: cursorSchema,
  Personality: agents.personalitySchema,
  AgentState: agents.agentStateSchema,
  ToldAgentState: agents.toldAgentStateSchema,
  AgentType: agents.agentTypeSchema,
  Agent: agents.agentSchema,
  PositionUpdate: agents.positionUpdateSchema,
  TaskStatus: tasks.taskStatusSchema,
  ToldTaskStatus: tasks.toldTaskStatusSchema,
  ToldWorkKind: tasks.toldWorkKindSchema,
  TaskResult: tasks.taskResultSchema,
  Task: tasks.taskSchema,
  TaskOutputLine: taskOutputLineSchema,
  Workspace: workspaceSchema,
  Limits: limitsSchema,
  SystemStatus: systemStatusSchema,
  Fault: faultSchema,
  ErrorDetail: errorDetailSchema,
  Error: errorBodySchema,
} as const satisfies Record<string, Schema>;

const isNamed = (name: string): name is keyof typeof named => Object.hasOwn(named, name);
const namedKeys = Object.keys(named).filter(isNamed);

/** Whether a schema is of what comes in (defaults may be left out) or of what goes out (they are there). */
export type Direction = "input" | "output";

/** Where the documents keep their schemas. */
export const refTo = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

/** The name of a thing that has one; without it the documents could only repeat its fields at every place. */
export function nameOf(schema: Schema): keyof typeof named {
  for (const name of namedKeys) if (named[name] === schema) return name;
  throw new Error("A list or a stream holds something that has no name; give it one here.");
}

/**
 * JSON Schemas of `extra`, of the things that `roots` name, and of every named thing that they lead to, with
 * references between them. Both documents put the answer under `components.schemas`.
 */
export function toComponents(
  direction: Direction,
  extra: Readonly<Record<string, Schema>>,
  roots: readonly (keyof typeof named)[] = [],
): Record<string, JsonObject> {
  const components: Readonly<Record<string, Schema>> = { ...named, ...extra };
  const registry = z.registry<{ readonly id: string }>();
  for (const [id, schema] of Object.entries(components)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io: direction,
    uri: (id) => `#/components/schemas/${id}`,
    override: ({ zodSchema, jsonSchema }) => simplify(zodSchema, jsonSchema),
  });
  const all: Record<string, JsonObject> = {};
  for (const id of Object.keys(components)) all[id] = describe(id, writtenAs(toJson(schemas[id])));
  const wanted = reachable([...Object.keys(extra), ...roots], all);
  return Object.fromEntries(Object.entries(all).filter(([id]) => wanted.has(id)));
}

type Written = Parameters<NonNullable<z.core.ToJSONSchemaParams["override"]>>[0];

/** Takes out of a schema what says nothing, and what says more than the contract does. */
function simplify({ _zod: { def } }: Written["zodSchema"], json: Written["jsonSchema"]): void {
  // A client ignores fields that it does not know, so only a strict object closes its list.
  if (def.type === "object" && def.catchall === undefined) delete json.additionalProperties;
  if (Object.keys(json.properties ?? {}).length === 0) delete json.properties;
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
  // Kinds of which nothing more is said are one list.
  if (json.anyOf?.every((option) => Object.keys(option).join() === "type") === true) {
    json.type = json.anyOf.flatMap(({ type = [] }) => type);
    delete json.anyOf;
  }
}

/** A schema as it stands in a document, which says by itself where it is and which version of JSON Schema it is of. */
function writtenAs(json: Json): JsonObject {
  if (!isJsonObject(json)) throw new Error("A JSON Schema is no object.");
  const { $schema: _version, $id: _place, id: _name, ...schema } = json;
  return schema;
}

/** Joins components of both directions; a name that means two things would be a mistake of the contract. */
export function mergeComponents(...parts: readonly Record<string, JsonObject>[]): Record<string, JsonObject> {
  const merged: Record<string, JsonObject> = {};
  for (const part of parts) {
    for (const [id, schema] of Object.entries(part)) {
      const before = merged[id];
      if (before !== undefined && JSON.stringify(before) !== JSON.stringify(schema)) {
        throw new Error(`The schema ${id} is not the same in requests and in answers; give it two names.`);
      }
      merged[id] = schema;
    }
  }
  return Object.fromEntries(Object.entries(merged).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Names of all schemas that `from` lead to, themselves included. */
function reachable(from: readonly string[], all: Readonly<Record<string, JsonObject>>): Set<string> {
  const found = new Set<string>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    for (const match of JSON.stringify(all[id] ?? {}).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (match[1] !== undefined) open.push(match[1]);
    }
  }
  return found;
}

/** A value as JSON; throws at what JSON cannot hold. */
export function toJson(value: unknown): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return value;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, toJson(part)]));
  }
  throw new Error(`A JSON Schema holds ${typeof value}, which is no JSON.`);
}

/** The schema with the words that `descriptions` has for it and its fields. */
function describe(id: string, schema: JsonObject): JsonObject {
  const own = descriptions[id];
  if (own === undefined) return schema;
  const { $: about, ...words } = own;
  const given = schema["properties"];
  const properties = isJsonObject(given) ? given : {};
  const unknown = Object.keys(words).filter((name) => !Object.hasOwn(properties, name));
  if (unknown.length > 0)
    throw new Error(`descriptions.${id} names ${unknown.join(", ")}, which ${id} has not.`);
  const described: Record<string, Json> =
    about === undefined ? { ...schema } : { description: about, ...schema };
  if (Object.keys(words).length > 0) {
    described["properties"] = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => {
        const description = words[name];
        return [
          name,
          description !== undefined && isJsonObject(property) ? { ...property, description } : property,
        ];
      }),
    );
  }
  return described;
}
