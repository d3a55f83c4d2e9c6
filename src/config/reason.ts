import * as z from "zod/mini";

/** A rule of a text whose breach is told as the reason why the text is wrong; after it nothing more is looked at. */
export function reason(says: string, holds: (text: string) => boolean): z.core.$ZodCheck<string> {
  return z.refine(holds, { error: says, abort: true });
}

/** What a reason begins with, so that it can be told from what is true of every value of that kind. */
const BEGINNING = "it ";

/** What to say after a value that is wrong: the reason, where the rule that it broke has one. */
export function reasonOf(says: string | undefined): string {
  return says?.startsWith(BEGINNING) === true ? `: ${says}` : "";
}
