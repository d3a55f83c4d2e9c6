import type { AgentEvent, PermissionRequest, ToolKind } from "../../agent-events.js";
import { oneLine, shortPath } from "../titles.js";
import type { WirePart, WirePermission } from "./wire.js";

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
function kindOf(tool: string): ToolKind {
  return KINDS[tool] ?? "other";
}

/** A path as the player sees it: of a worktree from there on, since where on the machine that is, is no player's business. */
function pathFor(directory: string | null, path: string): string {
  return directory === null ? path : shortPath(path, directory);
}

/** A diff with the paths of its heads so; the lines of the file are what they are. */
function diffFor(directory: string | null, diff: string): string {
  return diff.replaceAll(
    /^(Index: |--- |\+\+\+ )(\/[^\t\n]*)/gm,
    (_, head: string, path: string) => head + pathFor(directory, path),
  );
}

/** What a tool does, in a line. */
function titleOf({ tool, state: { input, title } }: ToolPart, directory: string | null): string {
  const found = ["command", "filePath", "pattern", "url", "description", "query", "name"]
    .map((field) => [field, input[field]] as const)
    .find((one): one is readonly [string, string] => typeof one[1] === "string" && one[1] !== "");
  const about = found?.[0] === "filePath" ? pathFor(directory, found[1]) : (found?.[1] ?? title ?? "");
  const name = tool.charAt(0).toUpperCase() + tool.slice(1);
  return oneLine(tool === "bash" && about !== "" ? about : `${name} ${about}`);
}

type ToolPart = Extract<WirePart, { type: "tool" }>;

const STATUS = { pending: "pending", running: "running", completed: "done", error: "failed" } as const;

/**
 * What is told of a tool.
 *
 * @param directory The worktree, from which on its paths are told; null for none.
 * @param of The helper that uses it; null for the agent itself.
 */
export function toolOf(
  part: ToolPart,
  directory: string | null,
  of: string | null,
): Extract<AgentEvent, { kind: "tool" }> {
  return {
    kind: "tool",
    tool_id: part.id,
    tool: kindOf(part.tool),
    title: titleOf(part, directory),
    status: STATUS[part.state.status],
    of,
  };
}

/** What a helper is called, whose session's title names the kind of agent, too: `Look around (@explore subagent)`. */
export function helperName(title: string): string {
  return title.replace(/ \(@[^)]*\)$/, "");
}

/**
 * What opencode wants to do, as the player is asked.
 *
 * @param directory The worktree, from which on its paths are told; null for none.
 */
export function requestOf(
  directory: string | null,
  { permission, patterns, metadata }: WirePermission,
): PermissionRequest {
  const { filepath, command, diff, url } = metadata;
  const file = filepath === undefined ? undefined : pathFor(directory, filepath);
  const about = command ?? file ?? url ?? patterns.join(", ");
  const verb = VERBS[permission] ?? permission;
  return {
    kind: "permission",
    tool: kindOf(permission),
    tool_name: permission,
    title: oneLine(`${verb} ${about}`),
    paths: filepath === undefined ? (PATHS.has(permission) ? patterns : []) : [filepath],
    command: command ?? null,
    diff: diff === undefined ? null : diffFor(directory, diff),
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
