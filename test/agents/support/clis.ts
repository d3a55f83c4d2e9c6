import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The path of a real command-line agent, as package.json in `test/agents/clis` pins it. */
export function realCli(name: "claude" | "opencode" | "codex"): string {
  const path = fileURLToPath(new URL(`../clis/node_modules/.bin/${name}`, import.meta.url));
  if (!existsSync(path))
    throw new Error(`${name} is not installed for the tests: run "npm install --prefix test/agents/clis".`);
  return path;
}
