import type { Personality as Traits } from "../../../src/slim.js";

/** The traits of an agent, in the order in which they are shown. */
export const TRAITS = ["friendliness", "efficiency", "creativity", "talkativeness", "collaboration"] as const;

/** A personality as bars. */
export function Personality({ personality }: { readonly personality: Traits }) {
  return (
    <dl class="traits">
      {TRAITS.map((trait) => (
        <div key={trait}>
          <dt>{trait}</dt>
          <dd>
            <span class="trait-bar" aria-hidden="true">
              <span style={{ width: `${personality[trait] * 100}%` }} />
            </span>
            {Math.round(personality[trait] * 100)} %
          </dd>
        </div>
      ))}
    </dl>
  );
}
