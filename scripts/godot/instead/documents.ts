import { EngineError } from "../../../mock-server/engine/index.js";
import type { Documents } from "../../../mock-server/desk/types.js";

/** In the place of the generated documents: they are for people at an address bar, which leads to no backend inside a game. */
export const generatedDocuments: Documents = { openapi: refuse, asyncapi: refuse, page: refuse };

async function refuse(): Promise<never> {
  throw new EngineError(
    "unavailable",
    "The backend inside a game shows no documents. Read them at a server: agentvm serve, then /docs.",
  );
}
