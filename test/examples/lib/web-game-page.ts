import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  FrameLocator,
  Locator,
  Page,
} from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { buildWebGame } from "../../../scripts/lib/web-game.js";
import { root } from "../../../scripts/lib/workspace.js";
import type { Site } from "../../../scripts/lib/site.js";
import { chromiumPath, serveFolder, startBrowser } from "../../godot/lib/page.js";

/** Why the game cannot be played here; null where it can. CI has a browser, so there it is a failure to have none. */
export const missing =
  chromiumPath === null && process.env["CI"] !== "true"
    ? "no Chromium: install it or set CHROMIUM_BIN"
    : null;

/** Where pictures of the game are kept. */
const output = join(root, "test/output/web-game");

/** Where the game is: in a page of its own, in a frame of one, or in a part of it. */
export type Place = Pick<Page | FrameLocator | Locator, "getByRole" | "getByLabel" | "getByText">;

export const people = (place: Place) => place.getByRole("list", { name: "People" });
export const person = (place: Place, name: string) =>
  people(place).getByRole("listitem").filter({ hasText: name });
export const tickets = (place: Place) => place.getByRole("list", { name: "Tickets" }).getByRole("listitem");
export const news = (place: Place, text: string | RegExp) =>
  place.getByRole("log", { name: "News" }).getByText(text);
export const button = (place: Place, name: string | RegExp) => place.getByRole("button", { name });
export const dialog = (place: Place) => place.getByRole("dialog");

/** Starts the game without a server. */
export async function playHere(place: Place): Promise<void> {
  await button(place, "Play here, with no server").click();
  await person(place, "Mira").waitFor();
}

/** Walks up to somebody, and gives them the ticket that they like best; its title. */
export async function giveFirstTicket(place: Place, name: string): Promise<string> {
  await place.getByRole("button", { name: `Talk to ${name}`, exact: true }).click();
  const offer = dialog(place).getByRole("list", { name: "Open tickets" }).getByRole("button").first();
  const title = (await offer.locator(".title").textContent()) ?? "";
  await offer.click();
  await news(place, `${name} takes on “${title}”.`).waitFor({ state: "attached" });
  return title;
}

/** How a page is opened. */
export interface OpenOptions extends BrowserContextOptions {
  /** Whether the network stays when the page is there. */
  readonly network?: boolean;
  /** Runs in the page before anything else. */
  readonly before?: () => void;
}

/** Large enough for a picture that shows the whole floor; the others are smaller, as drawing in software is slow. */
export const whole = { viewport: { width: 1280, height: 760 }, deviceScaleFactor: 1 };

/** The web game, built and served for the tests of one file. */
export interface GameSite {
  /** The folder that it was built into. */
  readonly built: string;
  /** Opens the menu, and then takes the network away unless the game is to have it. */
  open(query: string, options?: OpenOptions): Promise<Page>;
  /** Opens the menu in a frame that may run scripts and nothing else, and then takes the network away. */
  openFrame(query: string, how?: BrowserContextOptions): Promise<Page>;
  /** Keeps a picture of the page. */
  keep(page: Page, name: string): Promise<unknown>;
}

/** Builds the game into a folder of its own, serves it, and ends all of that with the tests; an error of a page fails its test. */
export function useWebGame(folder: string): GameSite {
  const built = join(output, folder);
  let browser: Browser;
  let site: Site;
  let context: BrowserContext | null = null;
  const errors: string[] = [];

  beforeAll(async () => {
    mkdirSync(output, { recursive: true });
    await buildWebGame(built);
    site = await serveFolder(built);
    browser = await startBrowser();
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  afterEach(async () => {
    await context?.close();
    context = null;
    expect(errors.splice(0)).toEqual([]);
  });

  const open: GameSite["open"] = async (query, { network = false, before, ...options } = {}) => {
    await context?.close();
    context = await browser.newContext({
      viewport: { width: 840, height: 520 },
      deviceScaleFactor: 0.5,
      ...options,
    });
    context.setDefaultTimeout(25_000);
    const page = await context.newPage();
    page.on("pageerror", ({ message }) => errors.push(message));
    if (before !== undefined) await page.addInitScript(before);
    await page.goto(`${site.url}/index.html?${query}`);
    await context.setOffline(!network);
    return page;
  };

  return {
    built,
    open,
    async openFrame(query, how = {}) {
      const page = await open("", { network: true, ...how });
      const body = `<iframe sandbox="allow-scripts" src="index.html?${query}" style="border:0;width:100%;height:95vh"></iframe>`;
      await page.route("**/frame.html", (route) => route.fulfill({ contentType: "text/html", body }));
      await page.goto(`${site.url}/frame.html`);
      await button(page.frameLocator("iframe"), "Play here, with no server").waitFor();
      await context?.setOffline(true);
      return page;
    },
    keep: (page, name) => page.screenshot({ path: join(output, `${name}.png`) }),
  };
}
