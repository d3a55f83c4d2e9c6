import { readdirSync, readFileSync } from "node:fs";

/** Milliseconds between two looks at all processes. */
const EVERY_MS = 100;

/** What was seen of all processes of the machine, looked at again and again. */
export interface ProcessesSeen extends Disposable {
  /** Looks that were taken. */
  readonly looks: number;
  /** Command lines that were seen, each once. */
  readonly commandLines: ReadonlySet<string>;
}

/** Looks at the command lines of all processes in /proc until it is disposed. */
export function watchProcesses(): ProcessesSeen {
  const commandLines = new Set<string>();
  let looks = 0;
  const look = (): void => {
    looks += 1;
    for (const name of readdirSync("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      try {
        commandLines.add(readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " "));
      } catch {
        // It has ended meanwhile.
      }
    }
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  return {
    get looks() {
      return looks;
    },
    commandLines,
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
