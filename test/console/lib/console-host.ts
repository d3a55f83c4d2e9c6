import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { Agent, Task } from "../../../src/slim.js";

/** What of a backend a test looks at from outside the console. */
export interface SeenBackend {
  agents(): Promise<readonly Agent[]>;
  tasks(): Promise<readonly Task[]>;
  /** Creates an agent as a game does, not at the console. */
  createOutside(name: string): Promise<void>;
  /** Makes a call that is refused. */
  askForNobody(): Promise<void>;
}

/** A console that is open in a real browser, with the backend that it manages. */
export interface OpenConsole extends SeenBackend {
  readonly page: Page;
  /** What the page reported as errors. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

/** Opens a console over a backend of its own. */
export type OpenHost = (browser: Browser, options?: BrowserContextOptions) => Promise<OpenConsole>;

/** Writes down what goes wrong in a page. */
export function errorsOf(page: Page): string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    // A request that is refused on purpose is told by the browser too.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      errors.push(message.text());
  });
  return errors;
}
