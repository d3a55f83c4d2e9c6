// Every entry that a program without a page can use, as a strict one uses its types.
import { AgentVM } from "oligarchy-agentvm";
import { loadConfig } from "oligarchy-agentvm/config";
import { createMockBackend } from "oligarchy-agentvm/mock";
import type { ConsoleOptions } from "oligarchy-agentvm/mock/console";
import { startMockServer } from "oligarchy-agentvm/mock/node";
import type { MockServer } from "oligarchy-agentvm/mock/node";
import { AgentVM as Slim } from "oligarchy-agentvm/slim";

export async function serve(): Promise<string> {
  const server: MockServer = await startMockServer({ port: 0 });
  const config = loadConfig({ environment: "development" });
  await using agentvm = new AgentVM({ endpoint: server.url, fetch });
  await agentvm.connect();
  return `${server.url} ${config.environment}`;
}

export const slim = new Slim(createMockBackend().connection());
export const corner: ConsoleOptions["corner"] = "top-left";
