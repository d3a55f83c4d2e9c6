import type { ReactElement } from "react";
import { useAgent, useQuestion } from "oligarchy-agentvm/react";

/** What somebody at the table wants to know. */
export function Dialog(): ReactElement | null {
  const asked = useQuestion();
  const agent = useAgent(asked?.task.agent_id);
  if (asked === null) return null;
  const { question, answer } = asked;
  return (
    <dialog open aria-label={`${agent?.name ?? "Somebody"} asks`}>
      <p>
        <b>{agent?.name}</b> {question.text}
      </p>
      <div>
        {question.options.map(({ id, label }) => (
          <button key={id} onClick={() => void answer({ choice: id })}>
            {label}
          </button>
        ))}
      </div>
    </dialog>
  );
}
