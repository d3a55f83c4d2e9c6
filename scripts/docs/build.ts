/**
 * Builds the documentation site into docs-site, as static files that need no server: the guides and the API by typedoc, with search;
 * the contract's calls and events; and the example games, playable. The Godot game is there when Godot is (`GODOT_BIN`).
 * Exits with 1 when a link leads nowhere.
 */
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { Application } from "typedoc";
import type { ProjectReflection } from "typedoc";
import { copyProject, godot, runEngine } from "../../test/godot/lib/engine.js";
import { root } from "../lib/workspace.js";
import { buildWebGame } from "../lib/web-game.js";
import { brokenLinks } from "./check-links.js";

/** What links of typedoc.json begin with that stay on the site: typedoc takes none that are relative to the page. */
const HERE = "https://here.invalid/";

/** The entry points as typedoc calls them, and as programs import them. */
const imports: Readonly<Record<string, string>> = {
  src: "oligarchy-agentvm",
  "src/slim": "oligarchy-agentvm/slim",
  "src/config": "oligarchy-agentvm/config",
  "src/contract": "oligarchy-agentvm/contract",
  "mock-server": "oligarchy-agentvm/mock",
  "mock-server/node": "oligarchy-agentvm/mock/node",
  "mock-server/msw": "oligarchy-agentvm/mock/msw",
  "mock-server/console": "oligarchy-agentvm/mock/console",
  "mock-server/testing": "oligarchy-agentvm/testing",
  "src/worker": "oligarchy-agentvm/worker",
  "src/react": "oligarchy-agentvm/react",
};

const site = join(root, "docs-site");

await writeReference();
await addContract();
await buildWebGame(join(site, "games/studio-floor"));
if (godot === null) console.log("Without Godot (GODOT_BIN) the site has the web game alone.");
else await exportGodotGame(join(site, "games/office"));
linkHome();

const broken = brokenLinks(site);
for (const { page, link } of broken) console.error(`${page}: ${link} leads nowhere.`);
process.exitCode = broken.length === 0 ? 0 : 1;
console.log(`The site is in ${relative(root, site)}: open index.html there, or put the folder on any host.`);

async function writeReference(): Promise<void> {
  const app = await Application.bootstrapWithPlugins({ options: root });
  if (godot !== null) {
    app.options.setValue("navigationLinks", {
      ...app.options.getValue("navigationLinks"),
      "Office (Godot)": `${HERE}games/office/index.html`,
    });
  }
  const project = await app.convert();
  if (project === undefined) throw new Error("typedoc could not read the sources.");
  nameThings(project);
  app.validate(project);
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings())
    throw new Error("typedoc has something to complain of.");
}

/** Guides are called by their headings, and modules as they are imported. */
function nameThings(project: ProjectReflection): void {
  for (const document of project.documents ?? []) {
    const [heading = ""] = readFileSync(join(root, "docs", `${document.name}.md`), "utf8").split("\n");
    document.name = heading.replace(/^# /, "");
  }
  for (const module of project.children ?? []) {
    module.name = imports[module.name] ?? module.name;
  }
}

/** The page that a server shows at /docs, with the documents that it is made of. */
async function addContract(): Promise<void> {
  const generated = join(root, "mock-server/generated");
  cpSync(join(generated, "docs.html"), join(site, "calls.html"));
  for (const name of ["openapi.json", "asyncapi.json"]) cpSync(join(generated, name), join(site, name));
  const page = join(site, "calls.html");
  const text = readFileSync(page, "utf8");
  writeFileSync(page, text.replaceAll(/href="\/?(openapi|asyncapi)\.json"/g, 'href="$1.json"'));
}

async function exportGodotGame(into: string): Promise<void> {
  mkdirSync(into, { recursive: true });
  const project = await copyProject("examples/godot");
  try {
    const { code, output } = await runEngine(project.folder, [
      "--export-release",
      "Web",
      join(into, "index.html"),
    ]);
    if (code !== 0) throw new Error(`Godot could not export the game:\n${output}`);
  } finally {
    project.remove();
  }
}

/** Makes links that stay on the site relative to each page, so that it works from any folder of any host, and from the disk. */
function linkHome(): void {
  for (const name of readdirSync(site, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".html")) continue;
    const page = join(site, name);
    const text = readFileSync(page, "utf8");
    if (!text.includes(HERE)) continue;
    const up = relative(dirname(page), site);
    writeFileSync(page, text.replaceAll(HERE, up === "" ? "" : `${up}/`));
  }
}
