import { CHANGED_FILES_MAX } from "../contract/changes.js";
import { list } from "../contract/schema.js";
import { textSchema } from "../contract/primitives.js";
import type { Task } from "../contract/index.js";
import { fitting } from "./fitting.js";
import type { WorkReview } from "./types.js";
import { faultOf } from "./work-failure.js";

/** What came of it: the files in conflict, of which there are none where it is done, or why it could not be done. */
export type ReviewOutcome = { readonly conflicts: string[] } | { readonly error: string };

const conflictsSchema = /* @__PURE__ */ list(textSchema(4_096));

/**
 * Has a function carry out a review. It never rejects.
 *
 * @param keys What its error must not tell.
 */
export async function reviewedBy(
  review: WorkReview,
  asked: { readonly task: Task; readonly verdict: "accept" | "discard"; readonly message: string | null },
  keys: readonly string[],
): Promise<ReviewOutcome> {
  try {
    const given = (await review(asked.task, asked.verdict, asked.message)) ?? [];
    return { conflicts: fitting(conflictsSchema, given, "conflicts").slice(0, CHANGED_FILES_MAX) };
  } catch (error) {
    return { error: faultOf(error, keys).message };
  }
}
