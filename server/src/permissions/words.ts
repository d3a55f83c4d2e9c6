import type { PermissionRequest } from "../agent-events.js";
import type { AskedPermission, Scope } from "./permissions.js";
import type { Reach } from "./reach.js";
import { kindOf } from "./rules.js";

/** Characters of what a question may hold, as the contract bounds them. */
const MAX = { text: 4_000, title: 1_000, path: 4_000, command: 4_000, diff: 65_536, tool: 200 } as const;

/** Puts a request into words for a player. */
export function wordsFor(request: PermissionRequest, reach: Reach, scope: Scope | null): AskedPermission {
  const { tool, tool_name, title, paths, command, diff } = request;
  const [path] = paths;
  return {
    text: cut(question(request, reach), MAX.text),
    options: [
      { id: "once", label: "Once" },
      ...(scope === null ? [] : [{ id: "always", label: "Always for this task", hint: scope.hint }]),
      { id: "no", label: "No" },
    ],
    about: {
      tool: cut(tool === "other" ? tool_name : tool, MAX.tool),
      title: cut(title, MAX.title),
      ...(path !== undefined && { path: cut(shown(path, reach), MAX.path) }),
      ...(command !== null && { command: cut(command, MAX.command) }),
      ...(diff !== null && diff !== "" && { diff: cut(diff, MAX.diff) }),
    },
  };
}

function question(request: PermissionRequest, reach: Reach): string {
  const { tool, title, paths, command, tool_name } = request;
  const files = filesOf(paths, reach);
  const where = paths.length > 0 && reach.within(paths) === null ? ", outside of the project" : "";
  switch (kindOf(request)) {
    case "read":
      return `May I read ${files ?? title}${where}?`;
    case "write":
      return `May I ${tool === "delete" ? "delete" : tool === "move" ? "move" : "change"} ${files ?? title}${where}?`;
    case "run":
      return command === null ? `May I run something: ${title}?` : `May I run this command? ${command}`;
    case "fetch":
      return `May I look at a page? ${title}`;
    case "tool":
      return `May I use ${tool_name}? ${title}`;
  }
}

function filesOf(paths: readonly string[], reach: Reach): string | null {
  const [first] = paths;
  if (first === undefined) return null;
  return paths.length === 1 ? shown(first, reach) : `${shown(first, reach)} and ${paths.length - 1} more`;
}

/** A path as the player knows it: from the project's folder on, where it is in there. */
function shown(path: string, reach: Reach): string {
  const inside = reach.within([path])?.[0];
  return inside === "" ? "any file of the project" : (inside ?? path);
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
