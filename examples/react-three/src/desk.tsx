import { useState } from "react";
import type { SubmitEvent, ReactElement } from "react";
import type { LiveAgent } from "oligarchy-agentvm/slim";
import { useAgentVM, useTask } from "oligarchy-agentvm/react";

/** What can be done with whoever is chosen: a task, and what comes of it. */
export function Desk({
  agent,
  agents,
  choose,
}: {
  readonly agent: LiveAgent;
  readonly agents: readonly LiveAgent[];
  readonly choose: (id: string) => void;
}): ReactElement {
  const agentvm = useAgentVM();
  const [given, setGiven] = useState<string | null>(null);
  const [prompt, setPrompt] = useState("Fix the jump");
  const [refusal, setRefusal] = useState("");
  const { task, handle } = useTask(agent.current_task_id ?? given);
  const assign = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    try {
      setRefusal("");
      setGiven((await agentvm?.tasks.assign({ agent_id: agent.id, prompt }))?.id ?? null);
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <aside aria-label={`What ${agent.name} does`}>
      <nav aria-label="Who is at the table">
        {agents.map(({ id, name }) => (
          <button key={id} aria-pressed={id === agent.id} onClick={() => choose(id)}>
            {name}
          </button>
        ))}
      </nav>
      <form onSubmit={(event) => void assign(event)}>
        <label>
          A task for {agent.name}
          <input value={prompt} onChange={(event) => setPrompt(event.target.value)} />
        </label>
        <button disabled={prompt.trim() === ""}>Give it</button>
      </form>
      {refusal !== "" && <p role="alert">{refusal}</p>}
      {task !== null && (
        <section>
          <progress aria-label="How far it is" value={task.progress} />
          <p>
            {task.status}: {task.result?.error?.message ?? task.message}
          </p>
          {task.changes?.review === "open" && (
            <p className="review">
              {task.changes.files.map(({ path }) => path).join(", ")}
              <button onClick={() => void handle?.accept()}>Accept</button>
              <button onClick={() => void handle?.discard()}>Discard</button>
            </p>
          )}
          {(task.changes?.review ?? "open") !== "open" && <p>The work was {task.changes?.review}.</p>}
        </section>
      )}
    </aside>
  );
}
