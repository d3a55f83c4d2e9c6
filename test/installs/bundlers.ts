import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { esbuild, vite, webpack } from "../../scripts/lib/bundlers.js";
import type { Bundler } from "../../scripts/lib/bundlers.js";
import { tools } from "./consumer.js";

const requireTool = createRequire(join(tools, "package.json"));

/** A tool of the list beside these tests, whose types are not at hand before it is installed. */
async function loadTool(name: string): Promise<Record<string, unknown>> {
  const loaded: unknown = await import(pathToFileURL(requireTool.resolve(name)).href);
  if (typeof loaded !== "object" || loaded === null) throw new Error(`${name} gives nothing.`);
  return { ...loaded };
}

/** Calls what a tool gives under a name. */
function call(tool: Record<string, unknown>, name: string, ...given: readonly unknown[]): unknown {
  const found = tool[name];
  if (typeof found !== "function") throw new Error(`There is no ${name}.`);
  return Reflect.apply(found, tool, given);
}

const rollup: Bundler = async (folder, entry, into) => {
  const plugin = await loadTool("@rollup/plugin-node-resolve");
  const bundle = await call(await loadTool("rollup"), "rollup", {
    input: join(folder, entry),
    plugins: [call(plugin, "default", { browser: true })],
    onwarn(warning: { readonly message: string; readonly id?: string; readonly ids?: readonly string[] }) {
      // Of a comment in zod that speaks of an annotation, and of its modules that import each other, which they may.
      if ([warning.id ?? "", ...(warning.ids ?? [])].some((id) => /node_modules[\\/]zod[\\/]/.test(id)))
        return;
      throw new Error(warning.message);
    },
  });
  if (typeof bundle !== "object" || bundle === null) throw new Error("Rollup made nothing.");
  await call({ ...bundle }, "write", { dir: into, format: "es", entryFileNames: "main.js" });
};

export const bundlers: Readonly<Record<string, Bundler>> = { vite, webpack, rollup, esbuild };

/** Makes a folder into a site: a page that loads `main.js` as a module. */
export function makePage(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "index.html"),
    '<!doctype html><meta charset="utf-8"><title>waiting</title><script type="module" src="main.js"></script>\n',
  );
}

/** Makes a folder into a site whose page starts `main.js` as a module worker and shows what it says. */
export function makeWorkerPage(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "index.html"),
    '<!doctype html><meta charset="utf-8"><title>waiting</title><script type="module">' +
      'const worker = new Worker("main.js", { type: "module" });' +
      "worker.onmessage = ({ data }) => (document.title = data);" +
      "worker.onerror = ({ message }) => (document.title = message);" +
      "</script>\n",
  );
}

/** Makes a folder into a site with no bundler at all: a page with the classic script of the installed package. */
export function makeScriptPage(installed: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  cpSync(join(installed, "dist/agentvm.global.js"), join(folder, "agentvm.global.js"));
  writeFileSync(
    join(folder, "index.html"),
    '<!doctype html><meta charset="utf-8"><title>waiting</title><script src="agentvm.global.js"></script><script>' +
      "(async () => {" +
      "const backend = AgentVM.createMockBackend({ seed: 7, clock: { speed: 500 } });" +
      "const agentvm = new AgentVM(backend.connection());" +
      'await agentvm.connect({ game_name: "Installed" });' +
      'const agent = await agentvm.agents.create("aider");' +
      'const task = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Fix the jump" });' +
      "const { output } = await task.result();" +
      'document.title = `${agent.type}: ${output.includes("Fix the jump") ? "worked" : "did nothing"}`;' +
      "})().catch((error) => (document.title = String(error)));" +
      "</script>\n",
  );
}

/** The program text of all that a built site holds. */
export function programText(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
}
