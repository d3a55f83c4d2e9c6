import { describe, expect, it } from "vitest";
import { errorsOf, schemaName } from "../../scripts/documents/operations.js";
import {
  ROUTE_NAMES,
  type Route,
  type RouteName,
  errorCodes,
  fits,
  routes,
} from "../../src/contract/index.js";
import { openApiDocument } from "../../scripts/documents/openapi.js";
import { type OpenApiJson, type OperationJson, refsOf, resolve, validatorOf } from "./document-tools.js";
import { bodySamples } from "./request-samples.js";

const openapi = openApiDocument();
const document: OpenApiJson = JSON.parse(JSON.stringify(openapi));
const named: readonly (readonly [RouteName, Route])[] = ROUTE_NAMES.map((name) => [name, routes[name]]);

/** The operation of a call, at its first path. */
const operationOf = (route: Route): OperationJson => {
  const operation = document.paths[route.path]?.[route.method.toLowerCase()];
  if (operation === undefined) throw new Error(`${route.method} ${route.path} is not in the document.`);
  return operation;
};

describe("the OpenAPI document", () => {
  it("says that it is OpenAPI 3.1", () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
  });

  it("is the same each time it is written", () => {
    expect(JSON.stringify(openApiDocument())).toBe(JSON.stringify(openapi));
  });

  it("has every call of the contract at every path, and no other", () => {
    const wanted = named.flatMap(([, route]) =>
      [route.path, ...(route.aliases ?? [])].map((path) => `${route.method} ${path}`),
    );
    const found = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(found.sort()).toEqual(wanted.sort());
  });

  it("gives every operation a name of its own", () => {
    const ids = Object.values(document.paths).flatMap((item) =>
      Object.values(item).map((operation) => operation.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining([...ROUTE_NAMES]));
  });

  it("has no reference that leads nowhere", () => {
    expect(refsOf(openapi).filter((ref) => resolve(openapi, ref) === undefined)).toEqual([]);
  });

  it("has no schema that nothing refers to", () => {
    const used = new Set(refsOf(openapi));
    const unused = Object.keys(document.components.schemas).filter(
      (name) => !used.has(`#/components/schemas/${name}`),
    );
    expect(unused).toEqual([]);
  });

  it("has no response or header that nothing refers to", () => {
    const used = new Set(refsOf(openapi));
    const kinds = ["responses", "headers", "parameters"] as const;
    const all = kinds.flatMap((kind) =>
      Object.keys(document.components[kind]).map((name) => `#/components/${kind}/${name}`),
    );
    expect(all.filter((ref) => !used.has(ref))).toEqual([]);
  });

  it.each(Object.entries(errorCodes))("tells of the error code %s", (code, info) => {
    expect(document["x-error-codes"][code]).toEqual(info);
    expect(document.components.schemas["ErrorCode"]?.enum).toContain(code);
  });

  it("keeps words about a field only for fields that there are", () => {
    expect(document.components.schemas["Task"]?.properties?.["timeout"]?.description).toBe(
      "Seconds that it may run.",
    );
  });
});

describe.each(named)("the operation %s", (name, route) => {
  it("declares each parameter of its path, as required", () => {
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const declared = operationOf(route).parameters.filter((parameter) => parameter.in === "path");
    expect(declared.map((parameter) => parameter.name)).toEqual(inPath);
    expect(declared.every((parameter) => parameter.required)).toBe(true);
  });

  it("declares each field of its query", () => {
    const declared = operationOf(route).parameters.filter((parameter) => parameter.in === "query");
    expect(declared.map((parameter) => parameter.name)).toEqual(Object.keys(route.query?.shape ?? {}));
  });

  it("has a body exactly when the contract says so", () => {
    const body = operationOf(route).requestBody;
    if (route.body === undefined) expect(body).toBeUndefined();
    else {
      expect(body?.content["application/json"]?.schema.$ref).toBe(
        `#/components/schemas/${schemaName(name, "Body")}`,
      );
    }
  });

  it("shows an example that the contract accepts", () => {
    if (route.body === undefined) expect(operationOf(route).requestBody).toBeUndefined();
    else {
      const example = operationOf(route).requestBody?.content["application/json"]?.example;
      expect(fits(route.body, example)).toBe(true);
    }
  });

  it("names the credentials that it takes", () => {
    const schemes = operationOf(route).security.flatMap((way: object) => Object.keys(way));
    const wanted = {
      open: [],
      caller: ["apiKey", "sessionToken"],
      key: ["apiKey"],
      session: ["sessionToken"],
    };
    expect(schemes).toEqual(wanted[route.access]);
  });

  it("lists every error that it may answer with, at its status", () => {
    const listed = Object.entries(operationOf(route).responses).flatMap(([status, response]) => {
      if (status === "200") return [];
      const shared = document.components.responses[response.$ref?.split("/").at(-1) ?? ""];
      const codes = shared?.content["application/json"]?.schema.allOf[1].properties.code.enum ?? [];
      return codes.map((code) => `${status} ${code}`);
    });
    const wanted = errorsOf(name).map((code) => `${errorCodes[code].status} ${code}`);
    expect(listed.sort()).toEqual(wanted.sort());
  });

  it("answers in the media type that the contract says", () => {
    const [type] = Object.keys(operationOf(route).responses["200"]?.content ?? {});
    const wanted = {
      json: "application/json",
      list: "application/json",
      ndjson: "application/x-ndjson",
      text: route.answer.kind === "text" ? route.answer.mediaType : "",
    };
    expect(type).toBe(wanted[route.answer.kind]);
  });
});

describe.each(Object.entries(bodySamples))(
  "the schema that the document gives for the body of %s",
  (name, samples) => {
    const found = ROUTE_NAMES.find((known) => known === name);
    const accepts = validatorOf(openapi, schemaName(found ?? "health", "Body"));

    it.each(samples.good.map((body) => [JSON.stringify(body).slice(0, 80), body]))(
      "accepts %s",
      (_text, body) => {
        expect(accepts(body)).toBe(true);
      },
    );

    it.each(samples.bad.map(([body]) => [JSON.stringify(body).slice(0, 80), body]))(
      "refuses %s",
      (_text, body) => {
        expect(accepts(body)).toBe(false);
      },
    );
  },
);

describe("the answers", () => {
  it("leave room for fields that a newer server adds", () => {
    const answers = Object.entries(document.components.schemas).filter(
      ([name]) => name.endsWith("Answer") || name === "Agent" || name === "Task",
    );
    expect(answers.length).toBeGreaterThan(10);
    expect(answers.filter(([, schema]) => schema.additionalProperties === false)).toEqual([]);
  });
});
