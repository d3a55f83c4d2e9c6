import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { root } from "../../../scripts/lib/workspace.js";
import type { Agent, Task } from "../../../src/slim.js";
import { errorsOf } from "./console-host.js";
import type { OpenConsole } from "./console-host.js";
import type { Game } from "./game-page.js";

declare global {
  interface Window {
    game: Game;
  }
}

const GAME = "http://game.test/";

/** A page of somebody else's that shows the game in a frame which may do next to nothing. */
const FRAME = `<!doctype html><html lang="en"><title>A portal</title>
<iframe sandbox="allow-scripts" title="A game" src="/" style="width:100%;height:95vh;border:0"></iframe>`;

let files: Promise<ReadonlyMap<string, string>> | null = null;

/** The game as a bundler makes it, built once: each file by its path, the first one and those that are loaded later. */
function gameFiles(): Promise<ReadonlyMap<string, string>> {
  files ??= build({
    entryPoints: { game: join(root, "test/console/lib/game-page.ts") },
    absWorkingDir: root,
    bundle: true,
    write: false,
    outdir: "/",
    format: "esm",
    splitting: true,
    platform: "browser",
    conditions: ["default"],
    target: "es2022",
  }).then(({ outputFiles }) => new Map(outputFiles.map(({ path, text }) => [path, text])));
  return files;
}

/** A game's page with the overlay, and the addresses that the page asked for beside its own. */
export interface OpenGame extends OpenConsole {
  readonly asked: readonly string[];
}

/** Opens a page whose only code is the game's: there is no server, and what asks for one is refused. */
export async function openGamePage(
  browser: Browser,
  options: BrowserContextOptions = {},
  path = "",
): Promise<OpenGame> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const errors = errorsOf(page);
  const asked: string[] = [];
  const html = `<!doctype html><html lang="en"><title>A game</title><meta name="viewport" content="width=device-width">
<main style="font:20px serif"><h1>A game</h1><p>It goes on below.</p></main><script type="module" src="/game.js"></script>`;
  const own = new Map(Array.from(await gameFiles(), ([path, text]) => [GAME + path.slice(1), text]));
  await page.route("**", async (route) => {
    const url = route.request().url();
    if (url === `${GAME}framed`) await route.fulfill({ contentType: "text/html", body: FRAME });
    else if (url === GAME) await route.fulfill({ contentType: "text/html", body: html });
    else if (own.has(url)) {
      // A frame that may only run scripts is of no origin.
      const headers = { "Access-Control-Allow-Origin": "*" };
      await route.fulfill({ contentType: "text/javascript", headers, body: own.get(url) ?? "" });
    } else if (url === `${GAME}favicon.ico`) await route.fulfill({ status: 404 });
    else {
      asked.push(url);
      await route.abort();
    }
  });
  await page.goto(GAME + path);
  return { page, errors, asked, ...seenThrough(page), close: () => context.close() };
}

/** The same, with the console's panel open. */
export async function openOverlay(
  browser: Browser,
  options: BrowserContextOptions = {},
  path = "",
): Promise<OpenGame> {
  const game = await openGamePage(browser, options, path);
  await game.page.getByRole("button", { name: "Agents" }).click();
  await game.page.getByText("live", { exact: true }).waitFor();
  return game;
}

function seenThrough(page: Page) {
  return {
    agents: (): Promise<readonly Agent[]> =>
      page.evaluate(async () => [...(await window.game.agentvm.agents.list())]),
    tasks: (): Promise<readonly Task[]> =>
      page.evaluate(async () => [...(await window.game.agentvm.tasks.list())]),
    createOutside: (name: string) =>
      page.evaluate(async (given) => {
        await window.game.agentvm.agents.create({ agent_type: "aider", name: given });
      }, name),
    askForNobody: () =>
      page.evaluate(async () => {
        await window.game.agentvm.agents.get("nobody").catch(() => undefined);
      }),
  };
}
