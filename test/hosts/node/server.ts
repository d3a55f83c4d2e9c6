import { type MockServer, type MockServerOptions, startMockServer } from "../../../mock-server/node.js";

/** Headers of a caller with the usual key. */
export const KEY = { "x-api-key": "development-key" };

/** The same for a call with a JSON body. */
export const JSON_KEY = { ...KEY, "content-type": "application/json" };

/** A server on a free port, with a clock that stands still. */
export function startServer(options: MockServerOptions = {}): Promise<MockServer> {
  return startMockServer({ port: 0, seed: 7, clock: "manual", ...options });
}

/** Makes a call with a JSON body and answers what came. */
export async function post(server: MockServer, path: string, body: unknown): Promise<Record<string, string>> {
  const response = await fetch(server.url + path, {
    method: "POST",
    headers: JSON_KEY,
    body: JSON.stringify(body),
  });
  return await response.json();
}
