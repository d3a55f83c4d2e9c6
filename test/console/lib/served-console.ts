import type { Browser, BrowserContextOptions } from "playwright-core";
import { AgentVM } from "../../../src/slim.js";
import { jsonLines, start } from "../../cli/harness.js";
import type { Running } from "../../cli/harness.js";
import { errorsOf } from "./console-host.js";
import type { OpenConsole } from "./console-host.js";

export const KEY = "key-of-the-console-test";

/** `agentvm serve`, as a person starts it. */
export interface Served {
  readonly url: string;
  readonly running: Running;
  stop(): Promise<void>;
}

export async function serve(...args: readonly string[]): Promise<Served> {
  const running = start(["serve", "--port", "0", "--seed", "7", "--json", ...args], {
    env: { AGENTVM_API_KEY: KEY },
  });
  const [told] = jsonLines(await running.waitFor("\n"));
  return {
    url: String(told?.["url"]),
    running,
    async stop() {
      running.stop();
      await running.finished;
    },
  };
}

/** The console that `agentvm serve` serves, opened with the key. */
export async function openServed(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<OpenConsole> {
  const served = await serve();
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const errors = errorsOf(page);
  await page.goto(`${served.url}/console`);
  await page.getByLabel("API key").fill(KEY);
  await page.getByRole("button", { name: "Open" }).click();
  await page.getByText("live", { exact: true }).waitFor();
  const agentvm = new AgentVM({ endpoint: served.url, apiKey: KEY, events: false });
  return {
    page,
    errors,
    agents: async () => agentvm.agents.list(),
    tasks: async () => agentvm.tasks.list(),
    createOutside: async (name) => {
      await agentvm.agents.create({ agent_type: "aider", name });
    },
    askForNobody: async () => {
      await agentvm.agents.get("nobody").catch(() => undefined);
    },
    async close() {
      await context.close();
      await agentvm.close();
      await served.stop();
    },
  };
}
