import * as agents from "../agents.js";
import { descriptions } from "./descriptions.js";
import { errorBodySchema, errorDetailSchema, faultSchema } from "../error-body.js";
import { limitsSchema } from "../limits.js";
import { metadataSchema } from "../metadata.js";
import {
  cursorSchema,
  idSchema,
  keywordSchema,
  placeSchema,
  positionSchema,
  timestampSchema,
} from "../primitives.js";
import type { Rule, Schema, Shape } from "../schema/index.js";
import { workspaceSchema } from "../scenes.js";
import { systemStatusSchema } from "../system.js";
import { taskOutputLineSchema } from "../task-output.js";
import * as tasks from "../tasks.js";

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
  const ids = new Map(Object.entries(components).map(([id, schema]) => [schema, id]));
  const all: Record<string, JsonObject> = {};
  for (const [id, schema] of Object.entries(components))
    all[id] = describe(id, writeDefinition(schema, { direction, ids }));
  const wanted = reachable([...Object.keys(extra), ...roots], all);
  return Object.fromEntries(Object.entries(all).filter(([id]) => wanted.has(id)));
}

/** What the writing of a schema needs to know. */
interface Writing {
  readonly direction: Direction;
  /** The schemas that have a place of their own, which others refer to. */
  readonly ids: ReadonlyMap<Schema, string>;
}

/** A schema as a part of another: a reference where it has a place of its own. */
function writePart(schema: Schema, writing: Writing): JsonObject {
  const id = writing.ids.get(schema);
  return id === undefined ? writeDefinition(schema, writing) : refTo(id);
}

function writeDefinition({ definition }: Schema, writing: Writing): JsonObject {
  const part = (schema: Schema): JsonObject => writePart(schema, writing);
  switch (definition.type) {
    case "string":
    case "number":
      return { type: definition.type, ...writeRules(definition.rules) };
    case "boolean":
      return { type: "boolean" };
    case "unknown":
      return {};
    case "literal": {
      const [first, ...others] = definition.values;
      return {
        type: typeof first,
        ...(others.length > 0 ? { enum: definition.values } : { const: first ?? null }),
      };
    }
    case "open":
      // Both, so that a reader sees what is known today and a generated client takes what comes later.
      return { anyOf: [{ type: "string", enum: definition.values }, { type: "string" }] };
    case "array":
      return { type: "array", items: part(definition.item), ...writeRules(definition.rules) };
    case "object":
      return {
        type: "object",
        ...writeFields(definition.shape, writing),
        // A client ignores fields that it does not know, so only a strict object closes its list.
        ...(definition.strict ? { additionalProperties: false } : {}),
      };
    case "record":
      return { type: "object", additionalProperties: part(definition.values) };
    case "union":
      return anyOf(definition.options.map(part));
    case "nullable":
      return anyOf([part(definition.inner), { type: "null" }]);
    case "optional":
      return part(definition.inner);
    case "default":
      return { ...part(definition.inner), default: toJson(definition.make()) };
  }
}

/** Any of several schemas; kinds of which nothing more is said are one list. */
function anyOf(options: readonly JsonObject[]): JsonObject {
  const plain = options.every((option) => Object.keys(option).join() === "type");
  return plain ? { type: options.map(({ type = null }) => type) } : { anyOf: options };
}

function writeRules(rules: readonly { readonly json: Rule<unknown>["json"] }[]): JsonObject {
  return Object.fromEntries(rules.flatMap(({ json }) => Object.entries(json)));
}

function writeFields(shape: Shape, writing: Writing): JsonObject {
  const properties = Object.entries(shape).map(
    ([name, schema]) => [name, writePart(schema, writing)] as const,
  );
  const required = Object.entries(shape)
    .filter(
      ([
        ,
        {
          definition: { type },
        },
      ]) => type !== "optional" && (type !== "default" || writing.direction === "output"),
    )
    .map(([name]) => name);
  return { properties: Object.fromEntries(properties), ...(required.length > 0 ? { required } : {}) };
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
