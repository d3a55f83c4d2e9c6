import type { Agent } from "oligarchy-agentvm/slim";

/** Temps at the most: they get the desks that the crew leaves. */
export const TEMPS_MAX = 2;

/** What a temp is known by, also to a game that was saved and goes on. */
export const TEMP_METADATA = { temp: true } as const;

/** Whether somebody is a temp, who takes work from the line alone. */
export function isTemp({ metadata }: Pick<Agent, "metadata">): boolean {
  return metadata["temp"] === TEMP_METADATA.temp;
}
