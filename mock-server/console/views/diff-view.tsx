import { diffLines } from "../state/diff-lines.js";
import type { DiffKind } from "../state/diff-lines.js";

/** A sign beside the colour, and what a screen reader says in its place. */
const SIGNS: Readonly<Partial<Record<DiffKind, readonly [sign: string, said: string]>>> = {
  added: ["+", "added: "],
  removed: ["\u2212", "removed: "],
};

/** A diff, line by line; long lines wrap. */
export function DiffView({ diff, label }: { readonly diff: string; readonly label: string }) {
  return (
    <div class="diff" role="group" tabIndex={0} aria-label={label}>
      {diffLines(diff).map(({ kind, text }, at) => {
        const [sign, said] = SIGNS[kind] ?? ["", ""];
        return (
          <div key={at} class={`diff-${kind}`}>
            <span class="diff-sign" aria-hidden="true">
              {sign}
            </span>
            <span class="diff-line">
              {said === "" ? null : <span class="unseen">{said}</span>}
              {text}
            </span>
          </div>
        );
      })}
    </div>
  );
}
