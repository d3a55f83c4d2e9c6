import type { PermissionRequest, ToolKind } from "../../agent-events.js";
import { oneLine } from "../titles.js";
import type { WirePermission } from "./wire.js";

const KINDS: Readonly<Record<string, ToolKind>> = {
  read: "read",
  list: "read",
  write: "edit",
  edit: "edit",
  patch: "edit",
  multiedit: "edit",
  apply_patch: "edit",
  glob: "search",
  grep: "search",
  codesearch: "search",
  bash: "execute",
  webfetch: "fetch",
  websearch: "fetch",
  task: "think",
  todowrite: "think",
  todoread: "think",
  question: "think",
};

/** The kind of one of opencode's tools, or of what it asks a permission for. */
export function kindOf(tool: string): ToolKind {
  return KINDS[tool] ?? "other";
}

/** A text with paths in the worktree as they are from there on: where on the machine that is, is no player's business. */
function fromWorktree(directory: string | null, text: string): string {
  if (directory === null) return text;
  return text.replaceAll(`${directory}/`, "").replaceAll(`${directory.replace(/^\//, "")}/`, "");
}

/** What a tool does, in a line; its paths are those of the worktree where it works in one. */
export function titleOf(
  directory: string | null,
  tool: string,
  input: Readonly<Record<string, unknown>>,
  told?: string,
): string {
  const about =
    ["command", "filePath", "pattern", "url", "description", "query", "name"]
      .map((field) => input[field])
      .find((value): value is string => typeof value === "string" && value !== "") ??
    told ??
    "";
  const name = tool.charAt(0).toUpperCase() + tool.slice(1);
  return oneLine(fromWorktree(directory, tool === "bash" && about !== "" ? about : `${name} ${about}`));
}

/** What opencode wants to do, as the player is asked; its paths are those of the worktree where it works in one. */
export function requestOf(
  directory: string | null,
  { permission, patterns, metadata }: WirePermission,
): PermissionRequest {
  const { filepath, command, diff, url } = metadata;
  const about = command ?? filepath ?? url ?? patterns.join(", ");
  const verb = VERBS[permission] ?? permission;
  return {
    kind: "permission",
    tool: kindOf(permission),
    tool_name: permission,
    title: oneLine(fromWorktree(directory, `${verb} ${about}`)),
    paths: filepath === undefined ? (PATHS.has(permission) ? patterns : []) : [filepath],
    command: command ?? null,
    diff: diff === undefined ? null : fromWorktree(directory, diff),
  };
}

const VERBS: Readonly<Record<string, string>> = {
  bash: "Run",
  edit: "Edit",
  webfetch: "Fetch",
  websearch: "Search the web for",
  external_directory: "Go outside of the worktree, to",
  doom_loop: "Do the same once more:",
};

/** Permissions whose patterns are paths. */
const PATHS: ReadonlySet<string> = new Set(["edit", "read", "list", "external_directory"]);
