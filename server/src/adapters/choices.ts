import type { AgentQuestion, AgentReply } from "../agent-events.js";

/** What a question may hold, as the contract bounds it. */
const MAX = { text: 4_000, label: 200, hint: 1_000, options: 20 } as const;

/** One way to answer that an agent offers. */
export interface Choice {
  readonly label: string;
  /** What it means; empty or left out where the label says it. */
  readonly description?: string | undefined;
}

/** A question as the player is asked, and what the agent is told. */
export interface ChoiceQuestion {
  readonly asked: AgentQuestion;
  /** The label of the option, or the words. */
  readonly said: (reply: NonNullable<AgentReply>) => string;
}

/**
 * A question of an agent that knows its ways to answer by their labels, which may be any text.
 *
 * @param ids What the options are called. Default: their places, from 1 on.
 */
export function choiceQuestion(
  text: string,
  choices: readonly Choice[],
  ids: readonly string[] = choices.map((_, place) => String(place + 1)),
): ChoiceQuestion {
  const options = choices.slice(0, MAX.options).map(({ label, description = "" }, place) => ({
    id: ids[place] ?? "",
    label: label.trim() === "" ? String(place + 1) : cut(label, MAX.label),
    ...(description !== "" && description !== label && { hint: cut(description, MAX.hint) }),
  }));
  return {
    asked: { kind: "question", text: cut(text, MAX.text), options },
    said: (reply) =>
      "text" in reply ? reply.text : (choices[ids.indexOf(reply.choice)]?.label ?? reply.choice),
  };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
