import { chromium } from "playwright-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { writeConsole } from "../../scripts/console/build-console.js";
import { inTemporaryFolder } from "../../scripts/lib/workspace.js";
import { chromiumPath, startBrowser } from "../godot/lib/page.js";
import { seriousFindings } from "./lib/axe.js";
import { hasNoBrowser } from "./lib/describe-console.js";
import { KEY, serve } from "./lib/served-console.js";
import type { Served } from "./lib/served-console.js";
import { createAgent, picture } from "./lib/screens.js";

describe.skipIf(hasNoBrowser)("the page of agentvm serve", { timeout: 60_000 }, () => {
  let browser: Browser;
  let served: Served;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    await writeConsole();
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });
  beforeEach(async () => {
    served = await serve();
    context = await browser.newContext();
    page = await context.newPage();
    await page.goto(`${served.url}/console`);
  });
  afterEach(async () => {
    await context.close();
    await served.stop();
  });

  async function enter(key: string): Promise<void> {
    await page.getByLabel("API key").fill(key);
    await page.getByRole("button", { name: "Open" }).click();
  }

  it("asks for the key, and says so when it is wrong", async () => {
    expect(await seriousFindings(page)).toEqual([]);
    await picture(page, "key");
    await enter("wrong-key");
    await page.getByText("The server does not know this key.").waitFor();
    await enter("no key\u00e9");
    await page.getByText("A key is visible ASCII characters.").waitFor();
    await enter(KEY);
    await page.getByText("live", { exact: true }).waitFor();
  });

  it("keeps the key for the tab, in no address, and forgets it when told", async () => {
    const addresses: string[] = [];
    page.on("request", (request) => addresses.push(request.url()));
    page.on("websocket", (socket) => addresses.push(socket.url()));
    await enter(KEY);
    await page.getByText("live", { exact: true }).waitFor();
    await page.reload();
    await page.getByText("live", { exact: true }).waitFor();
    expect(addresses.length).toBeGreaterThan(3);
    expect(addresses.filter((address) => address.includes(KEY))).toEqual([]);
    expect(
      await page.evaluate(() => JSON.stringify([Object.entries(localStorage), document.cookie])),
    ).not.toContain(KEY);

    const other = await context.newPage();
    await other.goto(`${served.url}/console`);
    await other.getByLabel("API key").waitFor();

    await page.getByRole("button", { name: "Forget the key" }).click();
    await page.getByLabel("API key").waitFor();
    expect(await page.evaluate(() => JSON.stringify(Object.entries(sessionStorage)))).not.toContain(KEY);
    await page.reload();
    await page.getByLabel("API key").waitFor();
  });

  it("says that the server is away, keeps what it shows, and goes on when it is back", async () => {
    await enter(KEY);
    await page.getByText("live", { exact: true }).waitFor();
    await createAgent(page, "Ada");
    const port = new URL(served.url).port;
    await served.stop();
    await page.getByRole("alert").getByText("The server cannot be reached.").waitFor();
    await page.getByRole("button", { name: /^Ada / }).waitFor();
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("button", { name: "Close this message" }).waitFor();
    await picture(page, "away");

    served = await serve("--port", port);
    await page.getByText("live", { exact: true }).waitFor();
    await page.getByText("There is no agent yet.").waitFor();
    await expect.poll(() => page.getByText("The server cannot be reached.").count()).toBe(0);
  });

  it("can be installed as an app", async () => {
    await inTemporaryFolder(async (folder) => {
      // Nothing can be installed from a private window, which is what the other tests have.
      const profile = await chromium.launchPersistentContext(folder, {
        executablePath: chromiumPath ?? "",
        args: ["--no-sandbox"],
      });
      const own = await profile.newPage();
      await own.goto(`${served.url}/console`);
      const devtools = await profile.newCDPSession(own);
      expect((await devtools.send("Page.getAppManifest")).errors).toEqual([]);
      expect((await devtools.send("Page.getInstallabilityErrors")).installabilityErrors).toEqual([]);
      await profile.close();
    });
  });

  it("opens while the server is away", async () => {
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.reload();
    await served.stop();
    await page.reload();
    await enter(KEY);
    await page.getByText("The server cannot be reached. Start it with agentvm serve").waitFor();
  });

  it("works where the browser keeps nothing and has no service worker", async () => {
    await page.addInitScript(() => {
      for (const name of ["sessionStorage", "localStorage"]) {
        Object.defineProperty(window, name, {
          get() {
            throw new DOMException("The document is sandboxed.", "SecurityError");
          },
        });
      }
      Reflect.deleteProperty(Navigator.prototype, "serviceWorker");
    });
    await page.reload();
    await enter(KEY);
    await page.getByText("live", { exact: true }).waitFor();
    await createAgent(page, "Ada");
  });

  it("shows what there is where live events cannot be had", async () => {
    await page.addInitScript(() => Reflect.deleteProperty(window, "WebSocket"));
    await page.reload();
    await enter(KEY);
    await createAgent(page, "Ada");
    await page.getByRole("button", { name: /^Ada / }).waitFor();
  });

  it("lets keys alone do everything: from the key to a task", async () => {
    await page.getByLabel("API key").focus();
    await page.keyboard.type(KEY);
    await page.keyboard.press("Enter");
    await page.getByText("live", { exact: true }).waitFor();
    const tabTo = async (name: string): Promise<void> => {
      for (let step = 0; step < 60; step += 1) {
        await page.keyboard.press("Tab");
        const focused = await page.evaluate(() => {
          const { activeElement: active } = document;
          const label = active instanceof HTMLInputElement ? active.labels?.[0]?.textContent : null;
          return active?.getAttribute("aria-label") ?? label ?? active?.textContent ?? "";
        });
        if (focused.startsWith(name)) return;
      }
      throw new Error(`The tab key does not lead to ${name}.`);
    };
    await tabTo("Name");
    // Before the types are there the form says that one is missing.
    await page.getByRole("option", { name: "Aider" }).first().waitFor({ state: "attached" });
    await page.keyboard.type("Ada");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Ada, idle, at 0, 0" }).waitFor();
    await tabTo("Ada, idle, at");
    await page.keyboard.press("ArrowLeft");
    await page.getByRole("button", { name: "Ada, idle, at -1, 0" }).waitFor();
  });
});
