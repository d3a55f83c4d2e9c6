/** @jsxImportSource react */
import { memo, useState } from "react";
import type { ReactElement } from "react";
import { useAgent, useAgents, useAgentVM, useConnection, useQuestion, useTask } from "../../../src/react.js";

/** How often each character was rendered, by its name. */
export const renders: Record<string, number> = {};

const Character = memo(function Character({ id }: { readonly id: string }): ReactElement {
  const agent = useAgent(id);
  const name = agent?.name ?? "nobody";
  renders[name] = (renders[name] ?? 0) + 1;
  return (
    <li>
      {name} is {agent?.state}
    </li>
  );
});

function Dialog(): ReactElement | null {
  const asked = useQuestion();
  if (asked === null) return null;
  return (
    <dialog open>
      <p>{asked.question.text}</p>
      {asked.question.options.map(({ id, label }) => (
        <button key={id} onClick={() => void asked.answer({ choice: id })}>
          {label}
        </button>
      ))}
    </dialog>
  );
}

function Ticket({ id }: { readonly id: string | null }): ReactElement {
  const { task, error, handle } = useTask(id);
  return (
    <article>
      <output>
        {error instanceof Error
          ? error.message
          : `${task?.status ?? "none"} ${task?.changes?.review ?? ""}`.trim()}
      </output>
      <button onClick={() => void handle?.accept()}>Accept</button>
    </article>
  );
}

/** A page of a game: how it is connected, who is there, what is asked, and one task. */
export function Office(): ReactElement {
  const agents = useAgents();
  const agentvm = useAgentVM();
  const { state, error, retry } = useConnection();
  const [task, setTask] = useState<string | null>(null);
  const hire = (): void => void agentvm?.agents.create("aider");
  const assign = async (agent_id: string): Promise<void> => {
    setTask((await agentvm?.tasks.assign({ agent_id, prompt: "Fix the jump" }))?.id ?? null);
  };
  return (
    <main>
      <p id="connection">{error instanceof Error ? error.message : state.status}</p>
      <button onClick={retry}>Try again</button>
      <button onClick={hire}>Hire</button>
      <button onClick={() => void assign(agents[0]?.id ?? "")}>Assign</button>
      <button onClick={() => setTask("task_nowhere")}>Look at a task that is not there</button>
      <ul>
        {agents.map(({ id }) => (
          <Character key={id} id={id} />
        ))}
      </ul>
      <Dialog />
      <Ticket id={task} />
    </main>
  );
}
