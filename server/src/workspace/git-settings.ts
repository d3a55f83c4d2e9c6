import { devNull } from "node:os";
import type { Environment } from "../processes/environment.js";

/** What is set for each call of git, so that nothing that a person has set for themselves changes what is done or said. */
export const OUR_SETTINGS: readonly string[] = [
  `core.hooksPath=${devNull}`,
  "core.fsmonitor=false",
  "core.ignoreStat=false",
  "core.quotePath=false",
  "core.safecrlf=false",
  "core.longPaths=true",
  "core.pager=cat",
  "core.editor=true",
  "color.ui=false",
  "commit.gpgSign=false",
  "merge.verifySignatures=false",
  "merge.autoStash=false",
  "merge.conflictStyle=merge",
  "rerere.enabled=false",
  "branch.autoSetupMerge=false",
  "worktree.guessRemote=false",
  "submodule.recurse=false",
  "diff.ignoreSubmodules=none",
  "gc.auto=0",
  "maintenance.auto=false",
  "i18n.commitEncoding=UTF-8",
  "i18n.logOutputEncoding=UTF-8",
  "credential.interactive=false",
];

/** Variables of git's own that are the person's to set: where its settings are, and where it is. */
const THEIRS = new Set([
  "GIT_CONFIG_GLOBAL",
  "GIT_CONFIG_NOSYSTEM",
  "GIT_CONFIG_SYSTEM",
  "GIT_EXEC_PATH",
  "GIT_TEMPLATE_DIR",
]);

/**
 * The environment of this process as git gets it: without what would lead it to another repository (as in a hook, where `GIT_DIR` is
 * set), and so that it never asks.
 */
export function gitEnvironment(environment: Readonly<Record<string, string | undefined>>): Environment {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && (!name.startsWith("GIT_") || THEIRS.has(name))) kept[name] = value;
  }
  return {
    ...kept,
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_ASKPASS: "true",
    SSH_ASKPASS: "true",
    SSH_ASKPASS_REQUIRE: "force",
    GIT_SSH_COMMAND: "ssh -oBatchMode=yes",
    GCM_INTERACTIVE: "never",
    GIT_MERGE_AUTOEDIT: "no",
    GIT_PAGER: "cat",
  };
}
