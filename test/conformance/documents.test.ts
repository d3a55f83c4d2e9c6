import { expect, describe, it } from "vitest";
import { createMatcher } from "../../mock-server/calls/matcher.js";
import { schemaName } from "../../scripts/documents/operations.js";
import { openApiDocument } from "../../scripts/documents/openapi.js";
import { type OpenApiJson, validatorOf } from "../contract/document-tools.js";
import { hostOptions } from "./host.js";
import { startInPage } from "./in-page-host.js";
import { allScenarios } from "./scenarios.js";
import { World } from "./world.js";

const openapi = openApiDocument();
const document: OpenApiJson = JSON.parse(JSON.stringify(openapi));
const match = createMatcher();

/** Validators by the name of the schema, each made once. */
const validators = new Map<string, (value: unknown) => boolean>();
function fits(schema: string, value: unknown): boolean {
  const validator = validators.get(schema) ?? validatorOf(openapi, schema);
  validators.set(schema, validator);
  return validator(value);
}

/** What is wrong with an exchange by the document's word, or nothing. */
function complaint(
  method: string,
  path: string,
  status: number,
  headers: Headers,
  text: string,
): string | null {
  const [plain = ""] = path.split("?");
  const found = match(method, plain);
  // The document is about the calls that there are; others are refused the same everywhere.
  if (found.kind !== "route" || method === "HEAD") return null;
  const operation = document.paths[found.route.path]?.[found.route.method.toLowerCase()];
  const response = operation?.responses[status];
  const what = `${method} ${found.route.path} -> ${status}`;
  if (response === undefined) return `${what} is not in the document`;
  if (status !== 200) {
    const body: { code: string } = JSON.parse(text);
    const shared = document.components.responses[response.$ref?.split("/").at(-1) ?? ""];
    const codes = shared?.content["application/json"]?.schema.allOf[1].properties.code.enum ?? [];
    if (!codes.includes(body.code)) return `${what} does not list the code ${body.code}`;
    return fits("Error", body) ? null : `${what} is no Error: ${text}`;
  }
  const [type = ""] = Object.keys(response.content ?? {});
  if (headers.get("content-type")?.startsWith(type) !== true) return `${what} is not ${type}`;
  if (found.route.answer.kind !== "json") return null;
  return fits(schemaName(found.name, "Answer"), JSON.parse(text)) ? null : `${what} does not fit: ${text}`;
}

describe("the OpenAPI document", () => {
  for (const { name, scenarios } of allScenarios()) {
    it(`tells of every answer that ${name} was seen to give`, async () => {
      const complaints: string[] = [];
      let exchanges = 0;
      for (const { options, run } of scenarios) {
        const host = await startInPage(hostOptions(options));
        const world = new World({
          ...host,
          fetch: async (address, init) => {
            const response = await host.fetch(address, init);
            const { method = "GET" } = init ?? {};
            const path = address.slice(host.endpoint.length);
            // A stream is read by the scenario itself, as it comes.
            if (response.headers.get("content-type") === "application/x-ndjson") return response;
            const text = await response.clone().text();
            const found = complaint(method, path, response.status, response.headers, text);
            exchanges += 1;
            if (found !== null) complaints.push(found);
            return response;
          },
        });
        await run(world).finally(() => host.close());
      }
      expect([...new Set(complaints)]).toEqual([]);
      expect(exchanges).toBeGreaterThan(0);
    });
  }
});
