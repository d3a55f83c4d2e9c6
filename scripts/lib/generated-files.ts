import { asyncApiDocument } from "../documents/asyncapi.js";
import { openApiDocument } from "../documents/openapi.js";
import { docsPage } from "../docs-page.js";

/**
 * What stands in mock-server/generated, by the file's name: each document as a file to read, and as a module that
 * holds the same text, since a string can be imported lazily by every bundler and by Node itself.
 */
export function generatedFiles(): Record<string, string> {
  const openapi = openApiDocument();
  const asyncapi = asyncApiDocument();
  const openapiText = JSON.stringify(openapi);
  const asyncapiText = JSON.stringify(asyncapi);
  const page = docsPage(openapi, asyncapi);
  return {
    "openapi.json": openapiText,
    "openapi.ts": moduleOf(openapiText),
    "asyncapi.json": asyncapiText,
    "asyncapi.ts": moduleOf(asyncapiText),
    "docs.html": page,
    "docs.ts": moduleOf(page),
  };
}

function moduleOf(text: string): string {
  return `// Written by scripts/generate.ts.\nexport const text: string = ${JSON.stringify(text)};\n`;
}
