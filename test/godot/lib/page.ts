import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { listening } from "../../../scripts/lib/site.js";
import type { Site } from "../../../scripts/lib/site.js";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".css": "text/css",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
  ".pck": "application/octet-stream",
  ".png": "image/png",
};

/** Serves a folder, with headers of one's own. */
export async function serveFolder(folder: string, headers: Record<string, string> = {}): Promise<Site> {
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? "/", "http://site").pathname.slice(1) || "index.html";
    const file = join(folder, name);
    if (name.includes("..") || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": types[extname(name)] ?? "text/plain", ...headers });
    response.end(readFileSync(file));
  });
  return listening(server);
}

function findChromium(): string | null {
  const named = process.env["CHROMIUM_BIN"];
  if (named !== undefined && named !== "") return named;
  const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  return usual.find((path) => existsSync(path)) ?? null;
}

/** The browser that shows exports: CHROMIUM_BIN, else an installed Chromium; null where there is none. */
export const chromiumPath = findChromium();

/** Starts the browser, which draws WebGL 2 in software; `more` are switches that a test needs beside. */
export async function startBrowser(...more: readonly string[]): Promise<Browser> {
  if (chromiumPath === null) throw new Error("There is no Chromium: install it or set CHROMIUM_BIN.");
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      "--no-sandbox",
      "--use-gl=angle",
      "--use-angle=swiftshader",
      "--enable-unsafe-swiftshader",
      "--ignore-gpu-blocklist",
      ...more,
    ],
  });
}

/** Starts a browser that keeps pages which are left, and shows them again as they were. */
export async function startCachingBrowser(): Promise<Browser> {
  if (chromiumPath === null) throw new Error("There is no Chromium: install it or set CHROMIUM_BIN.");
  return chromium.launch({
    executablePath: chromiumPath,
    args: ["--no-sandbox"],
    // Playwright keeps browsers from it unless told otherwise.
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });
}

/** A game in a page, and what it printed. */
export interface Game {
  readonly page: Page;
  readonly lines: readonly string[];
  /** Waits for a line that begins so, the first one or a later one, and gives it. */
  line(start: string, timeoutMs?: number, nth?: number): Promise<string>;
  close(): Promise<void>;
}

/**
 * Opens an exported game. `before`, a function or the file of a script, runs in the page before anything of its own does.
 * `screen` says what it is shown on: a small window with a mouse, unless told otherwise.
 */
export async function openGame(
  browser: Browser,
  url: string,
  before?: (() => void) | { readonly path: string },
  screen: BrowserContextOptions = {},
): Promise<Game> {
  const context = await browser.newContext({ viewport: { width: 640, height: 360 }, ...screen });
  const page = await context.newPage();
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  page.on("console", (message) => {
    lines.push(...message.text().split("\n"));
    for (const look of [...waiting]) look();
  });
  page.on("pageerror", (error) => lines.push(`page error: ${error.message}`));
  if (before !== undefined) await page.addInitScript(before);
  await page.goto(url);
  return {
    page,
    lines,
    line: (start, timeoutMs = 60_000, nth = 1) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.filter((line) => line.startsWith(start))[nth - 1];
          if (found === undefined) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(
            new Error(
              `No line began with "${start}" within ${timeoutMs} ms. The game said:\n${lines.join("\n")}`,
            ),
          );
        }, timeoutMs);
        waiting.add(look);
        look();
      }),
    close: () => context.close(),
  };
}
