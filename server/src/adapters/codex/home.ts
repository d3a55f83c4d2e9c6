import { existsSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../../processes/environment.js";
import type { HomeNeeds } from "../../processes/sandbox.js";
import { stateFolder } from "../../state-folder.js";

/** Where codex keeps a login. */
const LOGIN = "auth.json";

/** The person's own folder of codex's. */
export function personsHome(environment: Environment): string {
  const given = environment["CODEX_HOME"] ?? "";
  return given === "" ? join(environment["HOME"] ?? homedir(), ".codex") : given;
}

/** Whether the person has logged in, without a look at any secret. */
export function hasLogin(environment: Environment): boolean {
  return existsSync(join(personsHome(environment), LOGIN));
}

/**
 * The folder that codex works with in the place of the person's: it has their login, and none of their settings, rules, hooks and servers, which
 * codex could not be told to leave aside. Conversations are kept there, so that a later task goes on with one.
 */
export function ownHome(environment: Environment): string {
  const home = join(stateFolder(environment), "codex");
  mkdirSync(home, { recursive: true, mode: 0o700 });
  // A link, since codex renews a login and writes it back: of two copies one would soon be worth nothing.
  link(join(personsHome(environment), LOGIN), join(home, LOGIN));
  return home;
}

/** The folder of its own, with the person's login in it. */
export function needsOf(environment: Environment): HomeNeeds {
  const home = ownHome(environment);
  return { kept: [home], files: [join(home, LOGIN)], read: [] };
}

function link(target: string, path: string): void {
  if (linkAt(path) === target) return;
  // Put beside and moved, so that another task never finds none.
  const beside = `${path}.${randomUUID()}`;
  symlinkSync(target, beside);
  try {
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

function linkAt(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
