import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { root } from "../../../scripts/lib/workspace.js";

/** The console's screens by the words on their tabs. */
export const SCREENS = [
  "Agents",
  "Tasks",
  "Events",
  "Requests",
  "Charts",
  "Types",
  "Workers",
  "Scripts",
  "Faults",
  "Backend",
] as const;
export type Screen = (typeof SCREENS)[number];

/** Goes to a screen. */
export async function goTo(page: Page, screen: Screen): Promise<void> {
  await page.getByRole("navigation", { name: "Screens" }).getByRole("button", { name: screen }).click();
}

/** Creates an agent at the console. */
export async function createAgent(page: Page, name: string, type = "aider"): Promise<void> {
  await goTo(page, "Agents");
  const form = page.getByRole("form", { name: "Create an agent" });
  await form.getByLabel("Type").selectOption(type);
  await form.getByLabel("Name").fill(name);
  await form.getByRole("button", { name: "Create" }).click();
  await page.getByText(`${name} was created.`).waitFor();
}

/** Gives a task at the console's screen for tasks, which then shows it. */
export async function giveTask(page: Page, prompt: string, kind = ""): Promise<void> {
  await goTo(page, "Tasks");
  const form = page.getByRole("form", { name: "Give a task" });
  await form.getByLabel("Task").fill(prompt);
  await form.getByLabel("Kind").fill(kind);
  await form.getByRole("button", { name: "Give" }).click();
  await page.getByRole("region", { name: "Task", exact: true }).getByText(prompt, { exact: true }).waitFor();
}

/** Keeps a picture of the page under test/output. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = join(root, "test/output/console");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
