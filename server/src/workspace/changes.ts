import type { ChangedFile } from "oligarchy-agentvm";
import type { Git, GitAt } from "./git.js";

/** Bytes of a diff that are told, as the contract bounds it; it is cut behind a line, and its last line says so. */
export const DIFF_MAX_BYTES = 1_048_576;

/** Files that are told one by one; of more only the sums. */
export const FILES_MAX = 1_000;

/** A line that tools take for a remark. */
const CUT = "\\ The diff goes on; what follows is left out here.\n";

/** Renames are found among so many files; beyond them they are told as deleted and added. */
const RENAMES_MAX = 1_000;

const PLUMBING = [
  "diff-tree",
  "-r",
  "-M",
  `-l${RENAMES_MAX}`,
  "--no-ext-diff",
  "--no-textconv",
  "--ignore-submodules=none",
];

/** What is different between two trees. */
export interface Difference {
  /** At most {@link FILES_MAX}. */
  readonly files: readonly ChangedFile[];
  /** Lines that came and lines that went, in all files. */
  readonly insertions: number;
  readonly deletions: number;
  readonly diff: string;
}

/** Says what is different between two commits or trees; null where nothing is. */
export async function differenceOf(
  git: Git,
  at: GitAt,
  from: string,
  to: string,
): Promise<Difference | null> {
  const pieces = await git.pieces(at, [...PLUMBING, "-z", "--raw", "--numstat", from, to, "--"], {
    isLong: true,
  });
  const files = filesOf(pieces);
  if (files.length === 0) return null;
  const { output, isCut } = await git.call(
    at,
    [...PLUMBING, "-p", "--no-color", "--src-prefix=a/", "--dst-prefix=b/", from, to, "--"],
    { isLong: true, cutAt: DIFF_MAX_BYTES },
  );
  return {
    files: files.slice(0, FILES_MAX),
    insertions: sumOf(files, "insertions"),
    deletions: sumOf(files, "deletions"),
    diff: isCut ? cut(output) : output.toString("utf8"),
  };
}

function sumOf(files: readonly ChangedFile[], what: "insertions" | "deletions"): number {
  return files.reduce((sum, file) => sum + file[what], 0);
}

function cut(diff: Buffer): string {
  const kept = diff.subarray(0, DIFF_MAX_BYTES - CUT.length);
  return kept.subarray(0, kept.lastIndexOf(0x0a) + 1).toString("utf8") + CUT;
}

/** Reads what `--raw --numstat -z` say: first each file with what became of it, then each with its lines. */
function filesOf(pieces: readonly string[]): ChangedFile[] {
  const lines = new Map<string, { insertions: number; deletions: number }>();
  const statuses: { path: string; status: ChangedFile["status"] }[] = [];
  for (let place = 0; place < pieces.length; place += 1) {
    const piece = pieces[place] ?? "";
    if (piece.startsWith(":")) {
      const letter = piece.split(" ")[4]?.[0] ?? "M";
      const hasTwo = letter === "R" || letter === "C";
      place += hasTwo ? 2 : 1;
      statuses.push({ path: pieces[place] ?? "", status: statusOf(letter) });
    } else {
      const [, insertions = "0", deletions = "0", path = ""] = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(piece) ?? [];
      // The two names of a renamed file are pieces of their own.
      if (path === "") place += 2;
      lines.set(path === "" ? (pieces[place] ?? "") : path, {
        insertions: countOf(insertions),
        deletions: countOf(deletions),
      });
    }
  }
  return statuses.map(({ path, status }) => ({
    // A name of blanks alone is none on the wire.
    path: path.trim() === "" ? JSON.stringify(path) : path,
    status,
    ...(lines.get(path) ?? { insertions: 0, deletions: 0 }),
  }));
}

/** Of a file that is no text git tells a dash. */
function countOf(text: string): number {
  return text === "-" ? 0 : Number(text);
}

function statusOf(letter: string): ChangedFile["status"] {
  switch (letter) {
    case "A":
    case "C":
      return "added";
    case "D":
      return "deleted";
    case "R":
      return "renamed";
    default:
      return "modified";
  }
}
