import { homedir } from "node:os";
import { join } from "node:path";
import type { Variables } from "./processes/environment.js";

/** A person's home. */
export function homeOf(environment: Variables): string {
  return environment["HOME"] ?? homedir();
}

/** A path as a shell understands it: `~` at its beginning is the home. */
export function withHome(path: string, home: string): string {
  return path === "~" || path.startsWith("~/") ? join(home, path.slice(1)) : path;
}

/** Where what programs keep of a person's for themselves is: `$XDG_STATE_HOME`, else `~/.local/state`. */
export function stateHome(environment: Variables): string {
  const state = environment["XDG_STATE_HOME"] ?? "";
  return state === "" ? join(homeOf(environment), ".local", "state") : state;
}

/** Our own folder in there. */
export function stateFolder(environment: Variables): string {
  return join(stateHome(environment), "agentvm");
}
