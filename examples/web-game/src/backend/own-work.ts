import type { Work } from "oligarchy-agentvm/mock";

/** What is done, for how long at each step, in milliseconds of the backend's clock. */
const STEPS = [
  ["thinking", "Reads about it", 3_000],
  ["coding", "Puts it together", 4_000],
  ["speaking", "Tells what came of it", 2_000],
] as const;

/** Milliseconds that a team sits together. */
const TEAM_MS = 14_000;
const TEAM_BEATS = 7;

/**
 * The work of those who call somebody in to help: a function of the game's own in the place of the simulation. It stands for what a
 * game would really do, and is as easily made to call a model.
 */
export const ownWork: Work = async (task, job) => {
  job.write(`${job.agent.name} takes on: ${task.prompt}\n`);
  if (task.team_id !== null) {
    job.state("collaborating");
    for (let beat = 1; beat <= TEAM_BEATS; beat += 1) {
      await job.wait(TEAM_MS / TEAM_BEATS);
      job.progress(beat / (TEAM_BEATS + 1), "Thinks about it with the others");
    }
    return;
  }
  const helper = job.child(`${job.agent.name}’s helper`);
  for (const [place, [state, message, ms]] of STEPS.entries()) {
    job.state(state);
    if (state === "coding") helper?.state("coding");
    if (state === "speaking") helper?.gone();
    job.progress(place / STEPS.length, message);
    job.write(`[${state}] ${message}\n`);
    await job.wait(ms);
  }
};
