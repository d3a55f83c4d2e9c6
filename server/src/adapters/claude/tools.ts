import type { ToolKind } from "../../agent-events.js";
import { oneLine, shortPath } from "../titles.js";

/** What a tool is called with. */
export type ToolInput = Readonly<Record<string, unknown>>;

const KINDS: Readonly<Record<string, ToolKind>> = {
  Read: "read",
  NotebookRead: "read",
  Edit: "edit",
  MultiEdit: "edit",
  Write: "edit",
  NotebookEdit: "edit",
  Glob: "search",
  Grep: "search",
  LS: "search",
  ToolSearch: "search",
  WebSearch: "search",
  WebFetch: "fetch",
  Bash: "execute",
  BashOutput: "execute",
  KillShell: "execute",
};

/** What a tool of claude's does; those of servers that a person has put in are of no kind. */
export function toolKind(name: string): ToolKind {
  return KINDS[name] ?? "other";
}

/** What a tool does, in a line. */
export function toolTitle(name: string, input: ToolInput, directory: string): string {
  const command = textIn(input, "command");
  const path = pathIn(input);
  const about =
    path !== null
      ? shortPath(path, directory)
      : (textIn(input, "pattern") ?? textIn(input, "query") ?? textIn(input, "url") ?? "");
  return oneLine(command ?? `${name} ${about}`);
}

/** The file that a tool is about. */
export function pathIn(input: ToolInput): string | null {
  return textIn(input, "file_path") ?? textIn(input, "notebook_path") ?? textIn(input, "path");
}

/** A text among the fields of a tool. */
export function textIn(input: ToolInput, field: string): string | null {
  const value = input[field];
  return typeof value === "string" && value !== "" ? value : null;
}
