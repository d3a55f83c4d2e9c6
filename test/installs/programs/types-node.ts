import { loadConfig } from "oligarchy-agentvm/config";
import { startMockServer } from "oligarchy-agentvm/mock/node";
import type { MockServer } from "oligarchy-agentvm/mock/node";

export async function serve(): Promise<string> {
  const server: MockServer = await startMockServer({ port: 0 });
  const config = loadConfig({ environment: "development" });
  return `${server.url} ${config.environment}`;
}
