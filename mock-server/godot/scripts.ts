import { isObject } from "../../src/contract/is-object.js";
import type { Script } from "../work/scripts/script.js";
import type { WorkCode } from "../work/worker-parts.js";
import { configError } from "./config-error.js";
import { SCRIPTS_NAME } from "./scripts-name.js";

/** The code of scripts: a file of its own, which the pages of most games never load. */
export interface ScriptsCode extends WorkCode {
  /** Reads the text of a file of scripts. Throws a TypeError that says what is wrong with it. */
  readonly read: (text: string) => readonly Script[];
}

/** The file's name. It stands beside the page. */
const FILE = "agentvm-godot-scripts.js";

/** The code of scripts where it is loaded; null where it is not. */
export function loadedScripts(): ScriptsCode | null {
  const found: unknown = Reflect.get(globalThis, SCRIPTS_NAME);
  return isCode(found) ? found : null;
}

/** Loads the code of scripts. Rejects with a ConfigError where the page cannot. */
export async function loadScripts(): Promise<ScriptsCode> {
  if (loadedScripts() === null) {
    const tag = document.createElement("script");
    tag.src = FILE;
    await new Promise((settled) => {
      tag.onload = tag.onerror = settled;
      document.head.append(tag);
    });
  }
  const code = loadedScripts();
  if (code !== null) return code;
  throw configError(
    `The page could not load ${FILE}.`,
    "Export with the AgentVM plugin enabled, and keep that file beside the page.",
  );
}

function isCode(found: unknown): found is ScriptsCode {
  return isObject(found) && "read" in found;
}
