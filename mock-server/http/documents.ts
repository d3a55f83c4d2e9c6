import type { Documents } from "./types.js";

/**
 * The documents that `npm run generate` wrote. Each is a chunk of its own, so a program that never shows them never loads them.
 */
export const generatedDocuments: Documents = {
  openapi: async () => (await import("../generated/openapi.js")).text,
  asyncapi: async () => (await import("../generated/asyncapi.js")).text,
  page: async () => (await import("../generated/docs.js")).text,
};
