import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { generatedDocuments } from "../../mock-server/lazy/documents.js";
import { generatedFiles } from "../../scripts/lib/generated-files.js";

const fresh = generatedFiles();

describe("the generated files", () => {
  it.each(Object.entries(fresh))("hold in %s what the contract says now", (name, contents) => {
    const path = new URL(`../../mock-server/generated/${name}`, import.meta.url);
    expect(readFileSync(path, "utf8") === contents, `${name} is stale: run npm run generate`).toBe(true);
  });

  it("are what the backend serves", async () => {
    expect(await generatedDocuments.openapi()).toBe(fresh["openapi.json"]);
    expect(await generatedDocuments.asyncapi()).toBe(fresh["asyncapi.json"]);
    expect(await generatedDocuments.page()).toBe(fresh["docs.html"]);
  });
});
