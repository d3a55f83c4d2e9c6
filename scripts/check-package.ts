/** Checks the tarball that would be published, as the tools and as a user's project see it; exits with 1 on any fault. */
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { install, pack } from "./lib/installed.js";
import { entriesOf, readManifest } from "./lib/manifest.js";
import type { Entry } from "./lib/manifest.js";
import { run } from "./lib/run.js";
import type { Finished } from "./lib/run.js";
import { inTemporaryFolder, root } from "./lib/workspace.js";

const manifest = readManifest();
const entries = entriesOf(manifest);
const tool = (name: string): string => join(root, "node_modules/.bin", name);
let faults = 0;

function report(what: string, done: Finished): void {
  const good = done.status === 0;
  console.log(`${good ? "ok  " : "FAIL"}  ${what}`);
  if (good) return;
  faults += 1;
  console.log(`${done.stdout}${done.stderr}`.trimEnd().replace(/^/gm, "      "));
}

/**
 * A program that loads an entry, names what it exports, and ends by itself: an import may leave nothing running
 * and no name behind. Node loads its own fetch at the first touch. Copies of zod find each other on
 * globalThis too.
 */
function loader(entry: Entry, kind: "import" | "require"): string {
  const load =
    kind === "import"
      ? `const loaded = await import(${JSON.stringify(entry.specifier)});`
      : `const loaded = require(${JSON.stringify(entry.specifier)});`;
  return `const before = new Set(Reflect.ownKeys(globalThis));
${load}
const names = Object.keys(loaded).filter((name) => name !== "default" && name !== "module.exports");
if (names.length === 0) throw new Error("exports nothing");
const known = /^Symbol\\(undici\\.|^__zod_global(Config|Registry)$/;
const left = Reflect.ownKeys(globalThis).filter((name) => !before.has(name) && !known.test(String(name)));
if (left.length > 0) throw new Error("left on globalThis: " + left.map(String).join(", "));
console.log(names.sort().join("\\n"));
`;
}

/** Both builds of an entry must load, stay quiet, and export the same names. */
function checkLoading(entry: Entry, folder: string): void {
  const program = (kind: "import" | "require"): Finished => {
    const file = join(folder, kind === "import" ? "load.mjs" : "load.cjs");
    writeFileSync(file, loader(entry, kind));
    return run(process.execPath, [file], { cwd: folder, timeoutMs: 20_000 });
  };
  const esm = program("import");
  const cjs = program("require");
  report(`import  ${entry.specifier}`, esm);
  report(`require ${entry.specifier}`, cjs);
  if (esm.status === 0 && cjs.status === 0 && esm.stdout !== cjs.stdout) {
    const said = `import gives:\n${esm.stdout}require gives:\n${cjs.stdout}`;
    report(`same names from both: ${entry.specifier}`, { status: 1, stdout: said, stderr: "" });
  }
}

/**
 * The declarations must stand on what the package brings along. A library's own faults are not ours,
 * so only lines about this package and the consumer's files count.
 */
function checkTypes(folder: string): void {
  for (const [kind, file] of [
    ["import", "consumer.mts"],
    ["require", "consumer.cts"],
  ] as const) {
    const source = entries.map((entry, index) =>
      kind === "import"
        ? `export * as entry${index} from "${entry.specifier}";`
        : `import entry${index} = require("${entry.specifier}"); export { entry${index} };`,
    );
    writeFileSync(join(folder, file), source.join("\n"));
    const options = ["--noEmit", "--strict", "--module", "node20", "--target", "es2022", "--types", "node"];
    const done = run(tool("tsc"), [...options, "--lib", "ES2023,DOM,DOM.Iterable,ESNext.Disposable", file], {
      cwd: folder,
    });
    const ours = done.stdout
      .split("\n")
      .filter((line) => /^(consumer\.|node_modules\/oligarchy-agentvm\/)/.test(line));
    report(`types by ${kind}`, { status: ours.length === 0 ? 0 : 1, stdout: ours.join("\n"), stderr: "" });
  }
}

/** Makes packages of this repository visible to the consumer, for what a user of that entry would have installed. */
function lend(names: readonly string[], folder: string): void {
  for (const name of names) {
    const target = join(folder, "node_modules", name);
    if (existsSync(target)) continue;
    mkdirSync(join(target, ".."), { recursive: true });
    symlinkSync(join(root, "node_modules", name), target, "dir");
  }
}

await inTemporaryFolder((folder) => {
  const tarball = pack(folder);
  report("publint", run(tool("publint"), ["run", tarball, "--strict"], { cwd: root }));
  const attw = [tarball, "--profile", "node16", "--no-emoji", "--no-color", "--format", "ascii"];
  const scripts = Object.entries(manifest.exports).filter(([, target]) => typeof target === "string");
  report(
    "attw, profile node16",
    run(tool("attw"), [...attw, "--exclude-entrypoints", ...scripts.map(([path]) => path)], { cwd: root }),
  );

  install(folder, tarball);
  const needsPeer = (entry: Entry): boolean => /\/(msw|react)$/.test(entry.specifier);
  for (const entry of entries.filter((one) => !needsPeer(one))) checkLoading(entry, folder);
  lend(["msw", "react"], folder);
  for (const entry of entries.filter(needsPeer)) checkLoading(entry, folder);

  lend(["@types/node", "@types/react", "@types/ws"], folder);
  checkTypes(folder);

  const version = run("npx", ["--no-install", "agentvm", "--version"], { cwd: folder, timeoutMs: 30_000 });
  const right = version.status === 0 && version.stdout.trim() === manifest.version;
  report("npx agentvm --version", { ...version, status: right ? 0 : 1 });
});

console.log(faults === 0 ? "The package is in order." : `${faults} fault(s) in the package.`);
process.exitCode = faults === 0 ? 0 : 1;
