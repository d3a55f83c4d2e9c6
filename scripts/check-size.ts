/**
 * Measures what a page loads and what an install costs, beside the budgets. A thing over its budget is said to be;
 * the exit code is 1 when it is also over its ceiling, which keeps it from growing until the budget is reached.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { budgetTable, isHeld, isWithin, kilobytes } from "./lib/budget.js";
import type { Measured } from "./lib/budget.js";
import { bundleForPage, eagerBytes, gzipBytes } from "./lib/bundle.js";
import type { Bundle } from "./lib/bundle.js";
import { bytesBelow, install, installScriptsOf, pack, packagesBelow } from "./lib/installed.js";
import { inTemporaryFolder, root } from "./lib/workspace.js";

const sdk = `import { AgentVM } from "oligarchy-agentvm"; globalThis.AgentVM = AgentVM;\n`;
const slim = `import { AgentVM } from "oligarchy-agentvm/slim"; globalThis.AgentVM = AgentVM;\n`;
const backend = `import { createMockBackend } from "oligarchy-agentvm/mock"; globalThis.createMockBackend = createMockBackend;\n`;
const overlay = `import { mountConsole } from "oligarchy-agentvm/mock/console"; globalThis.mountConsole = mountConsole;\n`;

const globalScript = join(root, "dist/agentvm.global.js");
const godotScript = join(root, "dist/agentvm-godot.js");
for (const script of [globalScript, godotScript]) {
  if (existsSync(script)) continue;
  console.error(`There is no ${script} to measure. Run \`npm run build\` first.`);
  process.exit(1);
}

const problems: string[] = [];

async function page(what: string, program: string): Promise<Bundle> {
  const bundle = await bundleForPage(program);
  for (const name of bundle.nodeModules) {
    problems.push(`The bundle "${what}" needs ${name}, which a page does not have.`);
  }
  return bundle;
}

const withAxios = await page("SDK", sdk);
const withFetch = await page("SDK over fetch", slim);
const withAxiosAndBackend = await page("SDK and backend", sdk + backend);
const withFetchAndBackend = await page("SDK over fetch, and backend", slim + backend);

const withConsole = await page("SDK over fetch, backend and console", slim + backend + overlay);

const rows: Measured[] = [
  { what: "SDK, all dependencies", bytes: eagerBytes(withAxios), budget: 45_000 },
  { what: "SDK over fetch (slim)", bytes: eagerBytes(withFetch), budget: 24_000 },
  {
    what: "in-page backend on top of slim",
    bytes: eagerBytes(withFetchAndBackend) - eagerBytes(withFetch),
    budget: 30_000,
    ceiling: 39_500,
  },
  {
    what: "in-page backend on top of the SDK",
    bytes: eagerBytes(withAxiosAndBackend) - eagerBytes(withAxios),
    budget: 30_000,
    ceiling: 39_500,
  },
  {
    what: "console over a page on top of slim and backend",
    bytes: eagerBytes(withConsole) - eagerBytes(withFetchAndBackend),
    budget: 32_000,
  },
  { what: "classic script agentvm.global.js", bytes: gzipBytes(readFileSync(globalScript)), budget: null },
  {
    what: "classic script agentvm-godot.js",
    bytes: gzipBytes(readFileSync(godotScript)),
    budget: 60_000,
    ceiling: 64_000,
  },
];

const installed = await inTemporaryFolder((folder) => {
  install(pack(folder), folder);
  const modules = join(folder, "node_modules");
  for (const one of packagesBelow(modules)) {
    for (const script of installScriptsOf(one))
      problems.push(`${one.slice(modules.length + 1)} runs ${script}.`);
  }
  return { all: bytesBelow(modules), own: bytesBelow(join(modules, "oligarchy-agentvm")) };
});
const onDisk: Measured[] = [
  {
    what: "install, with what it needs at run time",
    bytes: installed.all,
    budget: 12_000_000,
  },
  { what: "of which this package", bytes: installed.own, budget: null },
];

console.log("Loaded at once, minified and gzipped (level 9), kB of 1000 bytes:");
console.log(budgetTable(rows));
for (const [what, { lazy }] of Object.entries({
  "the SDK": withFetch,
  "the SDK with the backend": withFetchAndBackend,
})) {
  console.log(`\nLoaded by ${what} only when asked for:`);
  for (const { name, gzip } of lazy)
    console.log(`  ${name.replace(/(-[\w-]{8})+\.js$/, "")}  ${kilobytes(gzip)}`);
  if (lazy.length === 0) console.log("  nothing");
}
console.log("\nOn disk, apparent size:");
console.log(budgetTable(onDisk));

for (const row of [...rows, ...onDisk]) {
  const size = `${row.what} is ${kilobytes(row.bytes)}`;
  if (!isHeld(row)) problems.push(`${size}, over its ceiling.`);
  else if (!isWithin(row)) console.log(`\nsize: ${size}, over its budget; the check fails past its ceiling.`);
}
for (const problem of problems) console.error(`\nsize: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
