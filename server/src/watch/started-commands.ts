import { readFile, readdir } from "node:fs/promises";

/** Processes of which one is looked at, at the most. */
const CHILDREN_MAX = 200;

/** Characters of a command that are looked for. */
const WORDS_MAX = 200;

/**
 * Whether a process has begun to run a command: it has a child whose command line has it. That is how one sees at once that somebody
 * has allowed it; what Claude Code says of that, it says at the end. Where the kernel does not tell, it is not seen.
 */
export async function runs(pid: number, command: string): Promise<boolean> {
  const wanted = plain(command).slice(0, WORDS_MAX);
  if (wanted === "") return false;
  for (const child of await childrenOf(pid)) {
    const line = await readFile(`/proc/${child}/cmdline`, "utf8").catch(() => "");
    if (plain(line).includes(wanted)) return true;
  }
  return false;
}

async function childrenOf(pid: number): Promise<readonly string[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, "utf8").catch(() => "")),
  );
  return lists.flatMap((list) => list.split(" ").filter((one) => one !== "")).slice(0, CHILDREN_MAX);
}

/** A command without all that a shell writes in another way. */
function plain(text: string): string {
  return text.replaceAll(/[\s\0'"\\]/g, "");
}
