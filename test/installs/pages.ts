import type { Browser } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { serveFolder, startBrowser } from "../godot/lib/page.js";

/** Says the page's title on its console, as soon as the page has one of its own. */
const watchTitle = `{
  const look = () => {
    if (document.title !== "" && document.title !== "waiting") console.log("title: " + document.title);
    else setTimeout(look, 20);
  };
  look();
}`;

/** A browser for the tests of a group. */
export interface Pages {
  /**
   * Opens the site of a folder, and gives the title that its page comes to, with the errors that nobody caught. `before` is a script
   * that runs in the page before anything else does.
   */
  titleOf(folder: string, before?: string): Promise<string>;
}

/** Starts a browser before the tests of a group, and ends it after them. */
export function openPages(): Pages {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());
  return {
    async titleOf(folder, before = "") {
      const site = await serveFolder(folder);
      const page = await browser.newPage();
      try {
        const errors: string[] = [];
        page.on("pageerror", ({ message }) => errors.push(message));
        await page.addInitScript({ content: before + watchTitle });
        // On its console: in a page that lacks what old browsers lack, nothing else can be asked.
        const said = page.waitForEvent("console", { predicate: (one) => one.text().startsWith("title: ") });
        await page.goto(site.url);
        return [(await said).text().slice(7), ...errors].join("; ");
      } finally {
        await page.close();
        await site.close();
      }
    },
  };
}
