/**
 * Measures what pages load and what an install costs, beside the budgets. A thing over its budget is said to be; the exit code is 1
 * when it is over its ceiling, which keeps what was reached. How long a page takes is said alone: machines differ.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { budgetTable, isHeld, isWithin, kilobytes } from "./lib/budget.js";
import type { Measured } from "./lib/budget.js";
import { bundleForPage, eagerBytes, gzipBytes } from "./lib/bundle.js";
import type { Bundle } from "./lib/bundle.js";
import { bytesBelow, install, installScriptsOf, pack, packagesBelow } from "./lib/installed.js";
import { inTemporaryFolder, root } from "./lib/workspace.js";
import { DELAY_MS, measurePages } from "./size/measure-pages.js";
import { CONSOLE, GODOT_SCRIPT, GODOT_SCRIPT_WITH_BACKEND, INSTALL } from "./size/pages.js";
import { pagesTable } from "./size/pages-table.js";

const sdk = `import { AgentVM } from "oligarchy-agentvm"; globalThis.AgentVM = AgentVM;\n`;
const slim = `import { AgentVM } from "oligarchy-agentvm/slim"; globalThis.AgentVM = AgentVM;\n`;
const backend = `import { createMockBackend } from "oligarchy-agentvm/mock"; globalThis.createMockBackend = createMockBackend;\n`;
const overlay = `import { mountConsole } from "oligarchy-agentvm/mock/console"; globalThis.mountConsole = mountConsole;\n`;

const globalScript = join(root, "dist/agentvm.global.js");
const godotScript = join(root, "dist/agentvm-godot.js");
const godotBackend = join(root, "dist/agentvm-godot-backend.js");
for (const script of [globalScript, godotScript, godotBackend]) {
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

await page("SDK and backend", sdk + backend);
const withBackend = await page("SDK over fetch, and backend", slim + backend);
const withConsole = await page("SDK over fetch, backend and console", slim + backend + overlay);

const { installed, loaded } = await inTemporaryFolder(async (folder) => {
  install(folder, pack(folder));
  const modules = join(folder, "node_modules");
  for (const one of packagesBelow(modules)) {
    for (const script of installScriptsOf(one))
      problems.push(`${one.slice(modules.length + 1)} runs ${script}.`);
  }
  const sizes = { all: bytesBelow(modules), own: bytesBelow(join(modules, "oligarchy-agentvm")) };
  return { installed: sizes, loaded: await measurePages(folder) };
});

console.log(
  `What a browser loads until a page has done it, minified and gzipped (level 9), kB of 1000 bytes, at ${DELAY_MS} ms a request:`,
);
console.log(pagesTable(loaded));
// The budgets are for what Vite makes.
const budgeted = loaded.filter(({ bundler }) => bundler === "vite");
for (const { page, files } of budgeted) {
  if (files > page.files)
    problems.push(`A page that ${page.what} loads ${files} files, and may load ${page.files}.`);
}

const rows: Measured[] = [
  ...budgeted.map(({ page, bytes }) => ({ ...page, bytes })),
  { ...GODOT_SCRIPT, bytes: gzipBytes(readFileSync(godotScript)) },
  {
    ...GODOT_SCRIPT_WITH_BACKEND,
    bytes: gzipBytes(readFileSync(godotScript)) + gzipBytes(readFileSync(godotBackend)),
  },
  {
    what: "the classic script agentvm.global.js",
    bytes: gzipBytes(readFileSync(globalScript)),
    budget: null,
  },
  { ...CONSOLE, bytes: eagerBytes(withConsole) - eagerBytes(withBackend) },
];
const onDisk: Measured[] = [
  { ...INSTALL, bytes: installed.all },
  { what: "of which this package", bytes: installed.own, budget: null },
];

console.log("\nBeside the budgets, pages as Vite builds them:");
console.log(budgetTable(rows));
console.log("\nOn disk, apparent size:");
console.log(budgetTable(onDisk));

for (const row of [...rows, ...onDisk]) {
  const size = `${row.what} is ${kilobytes(row.bytes)}`;
  if (!isHeld(row)) problems.push(`${size}, over its ceiling.`);
  else if (!isWithin(row)) console.log(`\nsize: ${size}, over its budget; the check fails past its ceiling.`);
}
for (const problem of problems) console.error(`\nsize: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
