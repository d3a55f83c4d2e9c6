import { useEffect, useState } from "preact/hooks";
import type { AgentType } from "../../../src/slim.js";
import { useConsole } from "./console-context.js";
import { Panel } from "./parts.js";
import { Personality } from "./personality.js";
import { initials, inkOn } from "./texts.js";
import { TypeForm } from "./type-form.js";

/** The types of agent, and an editor for new ones. */
export function TypesView() {
  const { types, loadTypes } = useConsole();
  const [base, setBase] = useState<AgentType | null>(null);
  useEffect(() => void loadTypes(), []);
  return (
    <div class="types-view">
      <div class="column">
        <TypeForm key={base?.type ?? ""} base={base} onDone={() => setBase(null)} />
      </div>
      <div class="column wide">
        <Panel
          title="Types of agent"
          actions={
            <button type="button" onClick={() => void loadTypes()}>
              Look again
            </button>
          }
        >
          <ul class="cards">
            {types.value.map((type) => (
              <li key={type.type} class="card">
                <TypeCard type={type} onBase={() => setBase(type)} />
              </li>
            ))}
          </ul>
        </Panel>
      </div>
    </div>
  );
}

function TypeCard({ type, onBase }: { readonly type: AgentType; readonly onBase: () => void }) {
  return (
    <>
      <div class="row">
        <span class="avatar" aria-hidden="true" style={{ background: type.color, color: inkOn(type.color) }}>
          {initials(type.name)}
        </span>
        <div class="grow">
          <h3>{type.name}</h3>
          <p class="list-note">{type.description}</p>
        </div>
        <button type="button" aria-label={`Copy ${type.name} into a new type`} onClick={onBase}>
          Copy
        </button>
      </div>
      <p class="row">
        {type.capabilities.map((capability) => (
          <span key={capability} class="tag">
            {capability}
          </span>
        ))}
      </p>
      <Personality personality={type.personality} />
    </>
  );
}
