import { isObject } from "../../src/contract/is-object.js";
import type { BackendOptions } from "../backend-options.js";
import type { MockBackend } from "../hosts/in-page/page-backend.js";
import type { Script } from "../work/scripts/script.js";
import type { WorkCode } from "../work/worker-parts.js";
import type { GameSocketClass } from "./web-socket.js";

/** By which name the page's script finds the embedded backend, once that is loaded. */
export const BACKEND_NAME = "agentvmGodotBackend";

/** The embedded backend: a file of its own, which the pages of games with a server never load. */
export interface BackendCode {
  /** Makes a backend. */
  readonly create: (options: BackendOptions) => MockBackend<GameSocketClass>;
}

/** By which name the page's script finds the code of scripts, once that is loaded. */
export const SCRIPTS_NAME = "agentvmGodotScripts";

/** The code of scripts: a file of its own, which the pages of most games never load. */
export interface ScriptsCode extends WorkCode {
  /** Reads the text of a file of scripts. Throws a TypeError that says what is wrong with it. */
  readonly read: (text: string) => readonly Script[];
}

/** The backend where it is loaded; null where it is not. */
export function loadedBackend(): BackendCode | null {
  const found: unknown = Reflect.get(globalThis, BACKEND_NAME);
  return isBackend(found) ? found : null;
}

/** The code of scripts where it is loaded; null where it is not. */
export function loadedScripts(): ScriptsCode | null {
  const found: unknown = Reflect.get(globalThis, SCRIPTS_NAME);
  return isScripts(found) ? found : null;
}

/** Gives the page a name that nobody can change; where it has that already, nothing happens. */
export function giveToPage(name: string, value: object): void {
  if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true });
}

function isBackend(found: unknown): found is BackendCode {
  return isObject(found) && "create" in found;
}

function isScripts(found: unknown): found is ScriptsCode {
  return isObject(found) && "read" in found;
}
