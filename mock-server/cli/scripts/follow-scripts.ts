import type { Clock } from "../../../src/contract/clock.js";
import { ConfigError } from "../../../src/index.js";
import type { Backend } from "../../backend.js";
import type { Script } from "../../work/scripts/script.js";
import type { ScriptsFile } from "./scripts-file.js";

/** Told what became of a new version. */
export interface ScriptsNews {
  /** The new scripts are the backend's. */
  loaded(count: number): void;
  /** The new version is wrong: those from before go on. */
  refused(error: ConfigError): void;
}

/**
 * Gives a backend the scripts of a file, and those of each new version in their place: tasks that have begun go on as they were told, and
 * what was used up counts anew. Gives what ends it.
 */
export function followScripts(
  backend: Pick<Backend, "script">,
  first: readonly Script[],
  file: ScriptsFile,
  clock: Clock,
  news: ScriptsNews,
): () => void {
  const give = (scripts: readonly Script[]) => scripts.map((script) => backend.script(script));
  let given = give(first);
  return file.watch(clock, () => {
    try {
      const scripts = file.read();
      for (const undo of given) undo();
      given = give(scripts);
      news.loaded(scripts.length);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      news.refused(error);
    }
  });
}
