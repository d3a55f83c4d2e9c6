/** What a line of a diff is. */
export type DiffKind = "file" | "place" | "added" | "removed" | "same" | "note";

/** A line of a diff as it is shown: the sign stands apart from the text, so that long lines wrap beside it. */
export interface DiffLine {
  readonly kind: DiffKind;
  readonly sign: string;
  readonly text: string;
}

/** Lines that are shown; a diff may be a megabyte. */
export const DIFF_LINES_MAX = 2_000;

/** Reads a unified diff line by line. What is none is shown as it is. */
export function readDiff(diff: string): readonly DiffLine[] {
  const all = diff.replace(/\n$/, "").split("\n");
  // A line of a hunk may look like a head: how many lines a hunk has is told where it begins.
  let [before, after] = [0, 0];
  const lines = all.slice(0, DIFF_LINES_MAX).flatMap((line): DiffLine[] => {
    if (before > 0 || after > 0) {
      const [sign, text] = [line.charAt(0), line.slice(1)];
      if (sign !== "+" && sign !== "\\") before -= 1;
      if (sign !== "-" && sign !== "\\") after -= 1;
      if (sign === "+") return [{ kind: "added", sign, text }];
      if (sign === "-") return [{ kind: "removed", sign: "−", text }];
      return [{ kind: sign === "\\" ? "note" : "same", sign: "", text }];
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (hunk !== null) {
      [before, after] = [Number(hunk[1] ?? 1), Number(hunk[3] ?? 1)];
      return [{ kind: "place", sign: "", text: `line ${hunk[2] ?? "1"}` }];
    }
    // The lines with both names follow, and say the same.
    if (/^(?:--- |index )/.test(line)) return [];
    const path = /^\+\+\+ (?:b\/)?(.+)$/.exec(line)?.[1];
    if (path !== undefined) return path === "/dev/null" ? [] : [{ kind: "file", sign: "", text: path }];
    return line.startsWith("diff --git ") ? [] : [{ kind: "note", sign: "", text: line }];
  });
  const left = all.length - DIFF_LINES_MAX;
  return left > 0 ? [...lines, { kind: "note", sign: "", text: `${left} more lines are not shown.` }] : lines;
}
