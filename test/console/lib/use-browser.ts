import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { Browser } from "playwright-core";
import { startBrowser } from "../../godot/lib/page.js";

/** What a test has open, and what went wrong in it. */
interface Opened {
  readonly errors: readonly string[];
  close(): Promise<unknown>;
}

/**
 * One browser for the tests of a block. What is kept of each test is closed after it, and nothing may have gone wrong in it.
 *
 * @returns Opens something in the browser and keeps it.
 */
export function useBrowser(): <T extends Opened>(open: (browser: Browser) => Promise<T>) => Promise<T> {
  let browser: Browser;
  let opened: Opened | null = null;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });
  afterEach(async () => {
    const errors = opened?.errors ?? [];
    await opened?.close();
    opened = null;
    expect(errors).toEqual([]);
  });
  return async (open) => {
    const kept = await open(browser);
    opened = kept;
    return kept;
  };
}
