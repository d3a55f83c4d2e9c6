import type { BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import type { Game } from "./page.js";

/** Bodies that the game told of: whose they are, and where in the picture, in which colour. */
export function bodiesIn(game: Game) {
  return game.lines.flatMap((line) => {
    const found = /^office: body of (.+) at (\d+) (\d+) in ([0-9a-f]{6})$/.exec(line);
    if (found === null) return [];
    const [, name = "", x, y, color = ""] = found;
    return [{ name, x: Number(x), y: Number(y), color }];
  });
}

/** Where a button was last told to be, once there is one whose text begins so. */
export async function placeOfButton(game: Game, text: string) {
  const start = `office: button ${text}`;
  await game.line(start);
  const last = game.lines.findLast((line) => line.startsWith(start)) ?? "";
  const [, x, y] = / at (\d+) (\d+)$/.exec(last) ?? [];
  return { x: Number(x), y: Number(y) };
}

/** Presses a place of the page. */
export type Press = (page: Page, at: { readonly x: number; readonly y: number }) => Promise<void>;

/** The screens that the game is played on. */
export const desk: BrowserContextOptions = { viewport: { width: 1024, height: 576 } };
export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
};
/** The ways to press. */
export const byMouse: Press = (page, at) => page.mouse.click(at.x, at.y, { delay: 50 });
export const byFinger: Press = (page, at) => page.touchscreen.tap(at.x, at.y);

/** Waits for lines of the game, each behind the one before. */
export function follow(game: Game): (line: RegExp) => Promise<string> {
  let seen = 0;
  return async (wanted) => {
    const find = (): number => game.lines.findIndex((line, at) => at >= seen && wanted.test(line));
    try {
      await expect.poll(find, { timeout: 60_000 }).toBeGreaterThanOrEqual(0);
    } catch (cause) {
      throw new Error(`No line was ${String(wanted)}. The game said:\n${game.lines.join("\n")}`, { cause });
    }
    const at = find();
    seen = at + 1;
    return game.lines[at] ?? "";
  };
}

/** Where somebody was last told to stand. */
export function bodyOf(game: Game, name: string) {
  const found = bodiesIn(game).findLast((body) => body.name === name);
  if (found === undefined) throw new Error(`Nobody is called ${name}.`);
  return found;
}
