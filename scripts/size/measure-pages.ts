import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Response } from "playwright-core";
import { startMockServer } from "../../mock-server/node.js";
import { startBrowser } from "../../test/godot/lib/page.js";
import { esbuild, vite, webpack } from "../lib/bundlers.js";
import type { Bundler } from "../lib/bundlers.js";
import { gzipBytes } from "../lib/bundle.js";
import { pages } from "./pages.js";
import type { MeasuredPage } from "./pages.js";
import { serveSlowly } from "./slow-site.js";

/** Milliseconds that each request takes: about what a page has on a phone. */
export const DELAY_MS = 100;

/** Milliseconds for one page at the most. */
const PATIENCE_MS = 30_000;

/** With what pages are built. The budgets are for what the first makes. */
const bundlers: Readonly<Record<string, Bundler>> = { vite, webpack, esbuild };

/** What a browser loaded for a page until that had done what it is for. */
export interface LoadedPage {
  readonly page: MeasuredPage;
  readonly bundler: string;
  readonly files: number;
  /** Bytes after gzip. */
  readonly bytes: number;
  /** Milliseconds from the beginning of the page on. */
  readonly firstAgentMs: number | null;
  readonly firstMoveMs: number | null;
}

/** Builds every page from a project that has the package installed, with each bundler, and has a browser load it. */
export async function measurePages(project: string): Promise<readonly LoadedPage[]> {
  const browser = await startBrowser();
  try {
    const found: LoadedPage[] = [];
    for (const [place, page] of pages.entries()) {
      const entry = `page-${place}.js`;
      writeFileSync(join(project, entry), page.program);
      for (const [bundler, build] of Object.entries(bundlers)) {
        const folder = join(project, `${bundler}-${place}`);
        mkdirSync(folder);
        await build(project, entry, folder);
        writeFileSync(
          join(folder, "index.html"),
          '<!doctype html><meta charset="utf-8"><title>Measured</title><script type="module" src="main.js"></script>\n',
        );
        found.push({ page, bundler, ...(await load(browser, folder)) });
      }
    }
    return found;
  } finally {
    await browser.close();
  }
}

async function load(browser: Browser, folder: string): Promise<Omit<LoadedPage, "page" | "bundler">> {
  const server = await startMockServer({ port: 0 });
  const site = await serveSlowly(folder, Number(new URL(server.url).port), DELAY_MS);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const errors: Error[] = [];
    page.on("pageerror", (error) => errors.push(error));
    const scripts: Response[] = [];
    page.on("response", (response) => {
      if (response.request().resourceType() === "script") scripts.push(response);
    });
    await page.goto(site.url, { timeout: PATIENCE_MS });
    try {
      await page.waitForFunction(() => performance.getEntriesByName("done").length > 0, undefined, {
        timeout: PATIENCE_MS,
      });
    } catch (error) {
      throw errors[0] ?? error;
    }
    const at = async (mark: string): Promise<number | null> =>
      page.evaluate((name) => performance.getEntriesByName(name)[0]?.startTime ?? null, mark);
    const [firstAgentMs, firstMoveMs] = [await at("first agent"), await at("first move")];
    const bodies = await Promise.all(scripts.map((script) => script.body()));
    const bytes = bodies.reduce((sum, body) => sum + gzipBytes(body), 0);
    return { files: bodies.length, bytes, firstAgentMs, firstMoveMs };
  } finally {
    await context.close();
    await site.close();
    await server.close();
  }
}
