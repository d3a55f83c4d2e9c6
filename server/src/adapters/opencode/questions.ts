import type { AgentQuestion, AgentReply } from "../../agent-events.js";
import type { WireQuestion } from "./wire.js";

/** What a question may hold, as the contract bounds it. */
const MAX = { text: 4_000, label: 200, hint: 1_000, options: 20 } as const;

/** What may be the id of an option. */
const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** One of the questions that opencode asks at the same time. */
export interface OpencodeQuestion {
  readonly asked: AgentQuestion;
  /** What opencode is told for an answer: the label of the option, or the words. */
  readonly said: (reply: NonNullable<AgentReply>) => string;
}

/** What opencode wants to know, as the player is asked: its options are called by their labels where these are ids, else by their places. */
export function questionsOf({ questions }: WireQuestion): readonly OpencodeQuestion[] {
  return questions.map(({ question, options: all }) => {
    const options = all.slice(0, MAX.options);
    const labels = options.map(({ label }) => label);
    const areIds = labels.every((label) => ID.test(label)) && new Set(labels).size === labels.length;
    const ids = labels.map((label, place) => (areIds ? label : String(place + 1)));
    const asked: AgentQuestion = {
      kind: "question",
      text: question.trim() === "" ? "opencode asks for an answer." : cut(question, MAX.text),
      options: options.map(({ label, description }, place) => ({
        id: ids[place] ?? "",
        label: label.trim() === "" ? String(place + 1) : cut(label, MAX.label),
        ...(description !== "" && { hint: cut(description, MAX.hint) }),
      })),
    };
    return {
      asked,
      said: (reply) => ("text" in reply ? reply.text : (labels[ids.indexOf(reply.choice)] ?? reply.choice)),
    };
  });
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
