import * as z from "../../src/contract/zod.js";
import {
  CHANGED_FILES_MAX,
  changesGivenSchema,
  DIFF_MAX_BYTES,
  usageGivenSchema,
} from "../../src/contract/changes.js";
import { check } from "../../src/contract/schema.js";
import type { Changes, Task, Usage } from "../../src/contract/index.js";
import type { Outcome } from "../work/work.js";
import { couldReserve } from "./byte-budget.js";
import type { Core } from "./core.js";
import { invalidRequest } from "./errors.js";
import { deepFreeze, frozenCopy } from "./frozen.js";
import { splitAtByte, utf8Length } from "./utf8.js";
import { weightOfWork } from "./weights.js";

const outcomeSchema = z.strictObject({
  output: z.optional(z.string()),
  changes: z.optional(changesGivenSchema),
  diff: z.optional(z.string()),
  usage: z.optional(usageGivenSchema),
});

/** What work came to, as the contract has it. */
export function checkedOutcome(outcome: Outcome): Outcome {
  const checked = check(outcomeSchema, outcome, "outcome");
  if (!checked.ok) throw invalidOf(checked.problems);
  if (checked.value.diff !== undefined && checked.value.changes === undefined)
    throw invalidRequest(["outcome", "diff"], "says what changes are, and there are none");
  return checked.value;
}

/** What has been used, as the contract has it. */
export function checkedUsage(usage: Usage): Usage {
  const checked = check(usageGivenSchema, usage, "usage");
  if (!checked.ok) throw invalidOf(checked.problems);
  return deepFreeze(checked.value);
}

function invalidOf([first]: readonly { loc: (string | number)[]; msg: string; type: string }[]): Error {
  return invalidRequest(first?.loc ?? ["outcome"], first?.msg ?? "is not valid", first?.type);
}

/** Characters that the paths of changed files have together at the most: events tell them all. */
const PATHS_MAX = 65_536;

/** Notes what a task that is about to end came to. Where its game has no room, its diff is dropped, then the names of its files. */
export function keepOutcome(core: Core, task: Task, { output, changes, diff, usage }: Outcome): void {
  const { id: task_id } = task;
  if (usage !== undefined) core.ledger.note({ type: "usage.counted", task_id, usage: deepFreeze(usage) });
  if (changes !== undefined) keepChanges(core, task, changes, diff);
  if (output !== undefined)
    core.ledger.note({ type: "output.written", task_id, stream: "stdout", text: output });
}

function keepChanges(core: Core, task: Task, given: Omit<Changes, "review">, diff = ""): void {
  const { id: task_id, game_id } = task;
  const all: Changes = frozenCopy({ ...given, files: someOf(given.files), review: "open" }, ["outcome"]);
  const text = diff === "" ? undefined : cut(diff);
  const hasRoom = (changes: Changes, shown?: string): boolean =>
    couldReserve(core, game_id, weightOfWork({ question: null, usage: null, changes }, [], shown));
  const isShown = text !== undefined && hasRoom(all, text);
  const changes = isShown || hasRoom(all) ? all : deepFreeze({ ...all, files: [] });
  core.ledger.note({ type: "changes.made", task_id, changes });
  if (isShown) core.ledger.note({ type: "diff.kept", task_id, text });
}

function someOf(files: Changes["files"]): Changes["files"] {
  let characters = 0;
  return files.slice(0, CHANGED_FILES_MAX).filter(({ path }) => (characters += path.length) <= PATHS_MAX);
}

/** A line that tools take for a remark. */
const CUT = "\\ The diff goes on; what follows is left out here.\n";

function cut(diff: string): string {
  if (utf8Length(diff) <= DIFF_MAX_BYTES) return diff;
  const kept = diff.slice(0, splitAtByte(diff, DIFF_MAX_BYTES - CUT.length).index);
  return kept.slice(0, kept.lastIndexOf("\n") + 1) + CUT;
}
