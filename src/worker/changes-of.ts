import type { ChangedFile, Changes, Usage } from "../contract/index.js";

type Partly<T> = { readonly [K in keyof T]?: T[K] | undefined };

type SomeFile = Pick<ChangedFile, "path"> & Partly<Omit<ChangedFile, "path">>;

/** What is said of changes; the rest is found out. */
export interface SomeChanges extends Partly<Pick<Changes, "branch" | "base" | "commit">> {
  readonly files?: readonly SomeFile[] | undefined;
}

/** Changes as the contract has them, from what was said of them and from their diff. */
export function changesOf(
  taskId: string,
  { branch = `agentvm/${taskId}`, base = "main", commit = null, files }: SomeChanges,
  diff: string | undefined,
): { readonly changes: Omit<Changes, "review">; readonly diff?: string } {
  const whole = files?.map((file) => wholeFile(file)) ?? filesOf(diff ?? "");
  const sum = (what: "insertions" | "deletions") => whole.reduce((all, file) => all + file[what], 0);
  const changes = {
    branch,
    base,
    commit,
    files: whole,
    insertions: sum("insertions"),
    deletions: sum("deletions"),
  };
  return { changes, ...(diff !== undefined && { diff }) };
}

function wholeFile({ path, status = "modified", insertions = 0, deletions = 0 }: SomeFile): ChangedFile {
  return { path, status, insertions, deletions };
}

/** Usage as the contract has it. */
export function usageOf({
  input_tokens = 0,
  output_tokens = 0,
  cost_usd = null,
  model = null,
}: Partly<Usage>): Usage {
  return { input_tokens, output_tokens, cost_usd, model };
}

/** The files of a unified diff, with the lines that came and went. */
function filesOf(diff: string): ChangedFile[] {
  const files: ChangedFile[] = [];
  let from = "";
  // Lines of the hunk that are still to come: what is among them is no head of a file, whatever it looks like.
  let [old, now] = [0, 0];
  for (const line of diff.split("\n")) {
    const file = files.at(-1);
    if (file !== undefined && (old > 0 || now > 0) && !line.startsWith("\\")) {
      if (line.startsWith("+")) file.insertions += 1;
      if (line.startsWith("-")) file.deletions += 1;
      if (!line.startsWith("+")) old -= 1;
      if (!line.startsWith("-")) now -= 1;
    } else if (line.startsWith("@@ ")) {
      const [, lost = "1", come = "1"] = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line) ?? [];
      [old, now] = [Number(lost), Number(come)];
    } else if (line.startsWith("--- ")) from = pathIn(line);
    else if (line.startsWith("+++ ")) files.push(fileOf(from, pathIn(line)));
  }
  return files;
}

function fileOf(from: string, to: string): ChangedFile {
  const sums = { insertions: 0, deletions: 0 };
  if (from === "") return { path: to, status: "added", ...sums };
  if (to === "") return { path: from, status: "deleted", ...sums };
  return { path: to, status: from === to ? "modified" : "renamed", ...sums };
}

/** The path in a line like `+++ b/player.ts`; none where there is no such file. */
function pathIn(line: string): string {
  const path = line.slice(4).replace(/\t.*/, "").trim();
  return path === "/dev/null" ? "" : path.replace(/^[ab]\//, "");
}
