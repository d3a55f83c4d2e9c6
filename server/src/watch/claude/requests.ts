import { createHash } from "node:crypto";
import { editDiff } from "../../adapters/claude/edit-diff.js";
import { pathIn, textIn, toolKind, toolTitle } from "../../adapters/claude/tools.js";
import type { ToolInput } from "../../adapters/claude/tools.js";
import type { AskedPermission } from "../../permissions/permissions.js";
import { reachOf } from "../../permissions/reach.js";
import { wordsFor } from "../../permissions/words.js";
import type { KeptSession } from "../kept-sessions.js";

/** The name of what is asked for, the same whoever tells of it: a request does not say of which call it is. What it is cannot be read from it. */
export function requestOf(name: string, input: ToolInput): string {
  return createHash("sha256")
    .update(`${name}:${JSON.stringify(input)}`)
    .digest("base64url");
}

/** What the person is asked to allow. */
export async function askedFor(name: string, input: ToolInput, folder: string): Promise<AskedPermission> {
  const path = pathIn(input);
  const diff = await editDiff(name, input, folder).catch(() => null);
  return wordsFor(
    {
      kind: "permission",
      tool: toolKind(name),
      tool_name: name,
      title: toolTitle(name, input, folder),
      paths: path === null ? [] : [path],
      command: textIn(input, "command"),
      diff,
    },
    reachOf(folder === "" ? "/" : folder),
    null,
  );
}

/** What was kept of it. */
export function askedAgain({ text, about }: KeptSession["waiting"][number]["asked"]): AskedPermission {
  const { tool, title, path, command } = about;
  return {
    text,
    options: [],
    about: { tool, title, ...(path !== undefined && { path }), ...(command !== undefined && { command }) },
  };
}

/** What the agent wants to know from the person. */
export function questionOf(input: ToolInput): AskedPermission {
  const { questions } = input;
  const first: unknown = Array.isArray(questions) ? questions[0] : undefined;
  const text =
    typeof first === "object" && first !== null ? String(Reflect.get(first, "question") ?? "") : "";
  return { text, options: [], about: { tool: "AskUserQuestion", title: text.slice(0, 1_000) } };
}
