import * as z from "zod";
import type { Json, JsonObject } from "../../scripts/documents/json-schema.js";
import { isJsonObject } from "../../scripts/documents/json-schema.js";

/** Every `$ref` of a document. */
export function refsOf(value: Json): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (!isJsonObject(value)) return value.flatMap(refsOf);
  return Object.entries(value).flatMap(([key, part]) =>
    key === "$ref" && typeof part === "string" ? [part] : refsOf(part),
  );
}

/** What a `$ref` of a document leads to; nothing when it leads nowhere. */
export function resolve(document: JsonObject, ref: string): Json | undefined {
  let value: Json | undefined = document;
  for (const part of ref.replace(/^#\//, "").split("/")) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    value = isJsonObject(value) ? value[name] : undefined;
  }
  return value;
}

/** A validator for one of a document's schemas, made from the document alone. */
export function validatorOf(document: JsonObject, name: string): (value: unknown) => boolean {
  const definitions = JSON.stringify(resolve(document, "#/components/schemas")).replaceAll(
    "#/components/schemas/",
    "#/$defs/",
  );
  const description: Parameters<typeof z.fromJSONSchema>[0] = JSON.parse(
    `{"$schema":"https://json-schema.org/draft/2020-12/schema","$ref":"#/$defs/${name}","$defs":${definitions}}`,
  );
  const schema = z.fromJSONSchema(description);
  return (value) => schema.safeParse(value).success;
}

/** As much of an OpenAPI document as the tests read. */
export interface OpenApiJson {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, OperationJson>>;
  readonly components: Record<"responses" | "headers" | "parameters", Record<string, unknown>> & {
    readonly responses: Record<
      string,
      { content: Record<string, { schema: { allOf: [unknown, CodesJson] } }> }
    >;
    readonly schemas: Record<string, SchemaJson>;
  };
  readonly "x-error-codes": Record<string, unknown>;
}

interface CodesJson {
  readonly properties: { readonly code: { readonly enum: string[] } };
}

/** As much of a JSON Schema as the tests read. */
export interface SchemaJson {
  readonly additionalProperties?: unknown;
  readonly enum?: string[];
  readonly properties?: Record<string, { readonly description?: string }>;
}

/** As much of an operation as the tests read. */
export interface OperationJson {
  readonly operationId: string;
  readonly parameters: { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: {
    readonly content: Record<
      string,
      { readonly schema: { readonly $ref: string }; readonly example: unknown }
    >;
  };
  readonly security: Record<string, unknown>[];
  readonly responses: Record<string, { readonly $ref?: string; readonly content?: Record<string, unknown> }>;
}
