import { useEffect, useRef, useState } from "react";
import type { ReactElement } from "react";
import { useAgents, useAgentVM, useConnection } from "oligarchy-agentvm/react";
import { Desk } from "./desk.js";
import { Dialog } from "./dialog.js";
import { Room } from "./room.js";
import { seat } from "./seats.js";

const TEAM = ["aider", "claude", "opencode", "custom", "claude"];

/** The room, what is said over it, and the desk of whoever is chosen. */
export function App(): ReactElement {
  const agentvm = useAgentVM();
  const agents = useAgents();
  const { state, error, retry } = useConnection();
  const [chosen, choose] = useState<string | null>(null);
  const hired = useRef<unknown>(null);
  useEffect(() => {
    // A client hires its team once, also where effects run twice.
    if (agentvm === null || state.status !== "live" || hired.current === agentvm) return;
    hired.current = agentvm;
    TEAM.forEach((agent_type, place) => {
      agentvm.agents.create({ agent_type, position: seat(place, TEAM.length) }).catch(() => undefined);
    });
  }, [agentvm, state.status]);
  const agent = agents.find(({ id }) => id === chosen) ?? agents[0] ?? null;
  return (
    <>
      <Room chosen={agent?.id ?? null} choose={choose} />
      <header>
        <h1>Round table</h1>
        <p role="status" data-status={state.status}>
          {error === null ? `${agents.length} at the table · ${state.status}` : "Nobody answers."}
          {error !== null && <button onClick={retry}>Try again</button>}
        </p>
      </header>
      {agent !== null && <Desk key={agent.id} agent={agent} agents={agents} choose={choose} />}
      <Dialog />
    </>
  );
}
