import type { Documents } from "./calls/answer.js";
import { EngineError } from "./domain/index.js";

/** In the place of the generated documents in a script that is one file: they are for people at an address bar, which leads to no backend in a page. */
export const noDocuments: Documents = { openapi: refuse, asyncapi: refuse, page: refuse };

async function refuse(): Promise<never> {
  throw new EngineError(
    "unavailable",
    "A backend in a page shows no documents: agentvm serve does, at /docs.",
  );
}
