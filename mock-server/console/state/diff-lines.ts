/** What a line of a diff is. */
export type DiffKind = "file" | "place" | "added" | "removed" | "same" | "note";

/** A line of a diff; its sign stands apart, so that long lines wrap beside it. */
export interface DiffLine {
  readonly kind: DiffKind;
  readonly text: string;
}

/** Lines of a diff that are shown; it may have a megabyte. */
export const DIFF_LINES_MAX = 2_000;

const KINDS: Readonly<Record<string, DiffKind>> = { "+": "added", "-": "removed", "\\": "note" };

/** The lines of a unified diff, of its heads the paths alone. What is no diff is shown as it is. */
export function diffLines(diff: string): readonly DiffLine[] {
  const all = diff.replace(/\n$/, "").split("\n");
  const lines: DiffLine[] = [];
  // Only within a hunk, which says how long it is, are signs signs.
  let [old, fresh] = [0, 0];
  for (const line of all.slice(0, DIFF_LINES_MAX)) {
    const hunk = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
    if (old > 0 || fresh > 0) {
      const kind = KINDS[line.charAt(0)] ?? "same";
      if (kind === "same" || kind === "removed") old -= 1;
      if (kind === "same" || kind === "added") fresh -= 1;
      lines.push({ kind, text: line.slice(1) });
    } else if (hunk !== null) {
      [old, fresh] = [Number(hunk[1] ?? 1), Number(hunk[2] ?? 1)];
      lines.push({ kind: "place", text: line });
    } else if (line.startsWith("+++ ")) lines.push({ kind: "file", text: line.slice(4).replace(/^b\//, "") });
    else if (!/^(?:diff --git|index|---) /.test(line)) lines.push({ kind: "note", text: line });
  }
  if (all.length > DIFF_LINES_MAX)
    lines.push({ kind: "note", text: `${all.length - DIFF_LINES_MAX} more lines are not shown.` });
  return lines;
}
