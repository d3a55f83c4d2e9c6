import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { ConfigError } from "../../../src/index.js";
import type { Clock } from "../../../src/contract/clock.js";
import type { Script } from "../../work/scripts/script.js";
import { parseScripts } from "./parse-scripts.js";

/** Bytes that a file of scripts may have. */
const FILE_MAX_BYTES = 1_048_576;

/** Milliseconds between two looks at a file. Notifications are not told everywhere: not in many containers, nor over a network. */
const LOOK_EVERY_MS = 250;

/** A file of scripts, and whether it has changed since it was read. */
export class ScriptsFile {
  readonly #file: string;
  readonly #path: string;
  #seen = "";

  /**
   * @param file Shown as it is given.
   * @param cwd What it is relative to.
   */
  constructor(file: string, cwd: string) {
    this.#file = file;
    this.#path = resolve(cwd, file);
  }

  /**
   * The scripts that it has now.
   *
   * @throws ConfigError that names the file, the places and what to do.
   */
  read(): readonly Script[] {
    // Before it is read: what is written meanwhile is a change.
    this.#seen = this.#look();
    const text = this.#text();
    const parsed = parseScripts(this.#file, text);
    if (parsed.ok) return parsed.scripts;
    throw scriptsError(parsed.problems, "Correct what is named; the guide to scripts has all fields.");
  }

  /** Calls `changed` each time after the file has changed, until what comes back is called. */
  watch(clock: Clock, changed: () => void): () => void {
    let cancel: () => void;
    const look = (): void => {
      if (this.#look() !== this.#seen) changed();
      cancel = clock.setTimeout(look, LOOK_EVERY_MS);
    };
    cancel = clock.setTimeout(look, LOOK_EVERY_MS);
    return () => cancel();
  }

  /** What differs once the file is written or another one takes its place. */
  #look(): string {
    const found = statSync(this.#path, { bigint: true, throwIfNoEntry: false });
    return found === undefined ? "" : `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
  }

  #text(): string {
    let bytes: Buffer;
    try {
      bytes = readFileSync(this.#path);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
      throw scriptsError(
        [`${this.#file}: it cannot be read (${code})`],
        "Name a file of scripts with --scripts.",
      );
    }
    if (bytes.byteLength > FILE_MAX_BYTES)
      throw scriptsError(
        [`${this.#file}: it has ${bytes.byteLength} bytes; ${FILE_MAX_BYTES} are the most`],
        "Say less in it: long diffs and outputs are what makes it large.",
      );
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      throw scriptsError([`${this.#file}: it is no text in UTF-8`], "Save it as UTF-8.");
    }
  }
}

function scriptsError(problems: readonly string[], remediation: string): ConfigError {
  const [only = ""] = problems;
  const message =
    problems.length === 1
      ? `The scripts cannot be used: ${only}`
      : `The scripts cannot be used:\n${problems.map((line) => `  ${line}`).join("\n")}`;
  return new ConfigError(message, { code: "scripts", outcome: "not_sent", remediation });
}
