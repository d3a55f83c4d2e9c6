import { resolve } from "node:path";
import type { PermissionRequest, ToolKind } from "../../agent-events.js";
import { oneLine, shortPath } from "../titles.js";
import { commandOf, looksAt } from "./looking.js";
import type { CommandRequest, FileChange, FileRequest, Item } from "./wire.js";

/** Characters of a diff that is shown with a question. */
const DIFF_MAX = 32_000;

type Tool = { readonly tool: ToolKind; readonly title: string };

/** What one of codex's items does; null for those that are no tools. */
export function toolOf(item: Item, directory: string): Tool | null {
  switch (item.type) {
    case "commandExecution":
      return { tool: kindOfCommand(item), title: oneLine(commandOf(item.command)) };
    case "fileChange":
      return changeOf(item.changes, directory);
    case "mcpToolCall":
      return { tool: "other", title: oneLine(`${item.server}: ${item.tool}`) };
    case "webSearch":
      return { tool: "search", title: oneLine(`Search the web for ${item.query ?? "something"}`) };
    default:
      return null;
  }
}

/** For what is seen alone: what a command may do is not decided by this. */
function kindOfCommand({ commandActions }: Extract<Item, { type: "commandExecution" }>): ToolKind {
  const types = new Set(commandActions.map(({ type }) => type));
  if (types.size === 0 || types.has("unknown")) return "execute";
  return types.has("search") ? "search" : "read";
}

const VERBS = { edit: "Edit", delete: "Delete", move: "Move" } as const;

function changeOf(changes: readonly FileChange[], directory: string): Tool & { tool: keyof typeof VERBS } {
  const [first] = changes;
  const tool = changes.every(({ kind }) => kind.type === "delete")
    ? "delete"
    : changes.every(({ kind }) => typeof kind.move_path === "string")
      ? "move"
      : "edit";
  const more = changes.length > 1 ? ` and ${changes.length - 1} more` : "";
  const about = first === undefined ? "files" : shortPath(first.path, directory) + more;
  return { tool, title: oneLine(`${VERBS[tool]} ${about}`) };
}

/** What codex wants to change, as the player is asked. */
export function fileRequest(
  { reason, grantRoot }: FileRequest,
  changes: readonly FileChange[],
  directory: string,
): PermissionRequest {
  const { tool, title } = changeOf(changes, directory);
  const paths = changes.flatMap(({ path, kind }) =>
    typeof kind.move_path === "string" ? [path, kind.move_path] : [path],
  );
  const root = typeof grantRoot === "string" ? [grantRoot] : [];
  return {
    kind: "permission",
    tool,
    tool_name: "apply_patch",
    title: paths.length === 0 ? oneLine(reason ?? title) : title,
    paths: [...paths, ...root],
    command: null,
    diff: diffOf(changes, directory),
  };
}

function diffOf(changes: readonly FileChange[], directory: string): string | null {
  const diffs = changes.map(({ path, kind, diff }) => {
    const from = shortPath(path, directory);
    const to = typeof kind.move_path === "string" ? shortPath(kind.move_path, directory) : from;
    // Of a file that comes or goes codex tells what is in it, and no diff.
    if (kind.type === "add") return `--- /dev/null\n+++ b/${to}\n${whole("+", diff)}`;
    if (kind.type === "delete") return `--- a/${from}\n+++ /dev/null\n${whole("-", diff)}`;
    return `--- a/${from}\n+++ b/${to}\n${diff}`;
  });
  return diffs.length === 0 ? null : diffs.join("").slice(0, DIFF_MAX);
}

function whole(sign: "+" | "-", text: string): string {
  if (text === "") return "";
  const lines = text.replace(/\n$/, "").split("\n");
  const head = sign === "+" ? `@@ -0,0 +1,${lines.length} @@` : `@@ -1,${lines.length} +0,0 @@`;
  return [head, ...lines.map((one) => sign + one), ""].join("\n");
}

/** What codex wants to run, as the player is asked: as a look at files where it is no more than that. */
export function commandRequest(
  { kind, command: given, cwd, reason, networkApprovalContext }: CommandRequest,
  directory: string,
): PermissionRequest {
  const command = given === null || given === undefined ? null : commandOf(given);
  const base = { kind: "permission", tool_name: "exec_command", paths: [], diff: null } as const;
  if (networkApprovalContext !== null && networkApprovalContext !== undefined) {
    const title = oneLine(`https://${networkApprovalContext.host}/`);
    return { ...base, tool: "fetch", title, command };
  }
  if (kind === "writeStdin")
    return { ...base, tool: "execute", title: oneLine(reason ?? "Type into a command that runs"), command };
  const looking = command === null ? null : looksAt(command);
  if (command !== null && looking !== null) {
    const paths = looking.paths.map((path) => resolve(cwd ?? directory, path));
    return { ...base, tool: "read", title: oneLine(command), paths, command };
  }
  return { ...base, tool: "execute", title: oneLine(command ?? reason ?? "A command"), command };
}
