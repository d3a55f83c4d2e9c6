import { loadCode } from "../calls/load-code.js";
import type { Documents } from "../calls/answer.js";

/**
 * The documents that `npm run generate` wrote. Each is a chunk of its own, so a program that never shows them never loads them.
 */
export const generatedDocuments: Documents = {
  openapi: async () => (await loadCode("openapi.json", () => import("../generated/openapi.js"))).text,
  asyncapi: async () => (await loadCode("asyncapi.json", () => import("../generated/asyncapi.js"))).text,
  page: async () => (await loadCode("the documentation", () => import("../generated/docs.js"))).text,
};
