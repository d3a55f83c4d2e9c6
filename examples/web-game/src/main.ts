import { connectProblem } from "./backend/connect-problem.js";
import { readGame } from "./backend/save.js";
import type { SavedGame } from "./backend/save.js";
import { openStorage } from "./backend/storage.js";
import { openEmbedded, openServer } from "./backend/studio.js";
import type { Studio } from "./backend/studio.js";
import { Game } from "./game.js";
import { readOptions } from "./options.js";
import { el } from "./ui/dom.js";
import { Menu } from "./ui/menu.js";
import type { Choice } from "./ui/menu.js";
import "./style.css";

const host = document.querySelector("#app") ?? document.body;
const root = el("div", { class: "root" });
const storage = openStorage();
const options = readOptions(location.search, () => Math.floor(Math.random() * 1_000_000));
const stillness = matchMedia("(prefers-reduced-motion: reduce)");
host.replaceChildren(root);
showMenu(options.complaints);

function showMenu(notices: readonly string[]): void {
  const reading = readGame(storage.read());
  const saved = reading.kind === "game" ? reading.game : null;
  const all = [...notices, ...(reading.kind === "broken" ? [reading.problem] : [])];
  const menu = new Menu({
    endpoint: options.endpoint,
    hasSaved: saved !== null,
    notices: all,
    start: (choice) => start(choice, saved),
  });
  root.replaceChildren(menu.view);
  menu.view.querySelector("button")?.focus();
}

/** Starts what was chosen; answers with what went wrong. */
async function start(choice: Choice, saved: SavedGame | null): Promise<string | null> {
  const going = choice.kind === "saved" ? saved : null;
  try {
    await play(await open(choice, going), going);
    return null;
  } catch (error) {
    if (choice.kind === "server") return connectProblem(error, choice.endpoint);
    return `${going === null ? "The game could not begin" : "The saved game cannot be used"}: ${reasonOf(error)}`;
  }
}

function open(choice: Choice, saved: SavedGame | null): Promise<Studio> {
  if (choice.kind === "server") return openServer(choice);
  const { speed, seed } = options;
  return openEmbedded(saved === null ? { seed, speed } : { seed: saved.seed, speed, saved });
}

async function play(studio: Studio, saved: SavedGame | null): Promise<void> {
  const game = new Game({
    studio,
    seed: saved?.seed ?? options.seed,
    speed: studio.backend === null ? 1 : options.speed,
    saved: saved?.sprint ?? null,
    storage,
    isStill: stillness.matches,
    host: root,
    onMenu: () => {
      void game.close();
      showMenu([]);
    },
  });
  try {
    await game.start();
  } catch (error) {
    await game.close();
    showMenu([`The game could not begin: ${reasonOf(error)}`]);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : "for no known reason";
}
