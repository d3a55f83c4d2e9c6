import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, transform } from "esbuild";
import { consoleStyle } from "../../mock-server/console/styles/index.js";
import { targets } from "../lib/targets.js";
import { root } from "../lib/workspace.js";
import { consoleIcon, consoleManifest, consolePage } from "./page-files.js";

/** Builds the console that `agentvm serve` serves: the text of each file by its name. */
export async function buildConsole(): Promise<ReadonlyMap<string, string>> {
  const pageStyle = `html,body,#console{height:100%;margin:0}\n${consoleStyle}`;
  const [script, worker, style] = await Promise.all([
    bundle("mock-server/console/page/main.tsx"),
    bundle("scripts/console/service-worker.js"),
    transform(pageStyle, { loader: "css", minify: true, target: targets }),
  ]);
  return new Map([
    ["index.html", consolePage],
    ["console.js", script],
    ["console.css", style.code],
    ["console.webmanifest", JSON.stringify(consoleManifest, null, 2)],
    ["icon.svg", consoleIcon],
    ["service-worker.js", worker],
    ["licences.txt", licences()],
  ]);
}

/** Packages whose code is built into the console, served or over a page. */
const BUILT_IN = ["preact", "@preact/signals", "@preact/signals-core"];

/** Their licences, which ask to be told wherever the code goes. */
function licences(): string {
  const texts = BUILT_IN.map((name) => {
    const text = readFileSync(join(root, "node_modules", name, "LICENSE"), "utf8");
    return `${name}\n\n${text.trim()}\n`;
  });
  return `The console has the code of these packages in it.\n\n${texts.join("\n\n")}`;
}

/** Builds it into `dist/console`, where the command finds it. */
export async function writeConsole(): Promise<ReadonlyMap<string, string>> {
  const folder = join(root, "dist/console");
  mkdirSync(folder, { recursive: true });
  const files = await buildConsole();
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  return files;
}

async function bundle(entry: string): Promise<string> {
  const built = await build({
    entryPoints: [join(root, entry)],
    absWorkingDir: root,
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    platform: "browser",
    conditions: ["default"],
    target: targets,
    legalComments: "none",
  });
  const [file] = built.outputFiles;
  if (file === undefined) throw new Error(`esbuild wrote nothing for ${entry}.`);
  return file.text;
}
