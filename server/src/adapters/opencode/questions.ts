import { choiceQuestion } from "../choices.js";
import type { ChoiceQuestion } from "../choices.js";
import type { WireQuestion } from "./wire.js";

/** What may be the id of an option. */
const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** What opencode wants to know, as the player is asked: its options are called by their labels where these are ids, else by their places. */
export function questionsOf({ questions }: WireQuestion): readonly ChoiceQuestion[] {
  return questions.map(({ question, options }) => {
    const labels = options.map(({ label }) => label);
    const areIds = labels.every((label) => ID.test(label)) && new Set(labels).size === labels.length;
    const text = question.trim() === "" ? "opencode asks for an answer." : question;
    return choiceQuestion(text, options, areIds ? labels : undefined);
  });
}
