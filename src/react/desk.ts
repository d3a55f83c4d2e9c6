import { createContext, useContext } from "react";
import type { Client } from "../client/client.js";
import { AgentsStore } from "./agents-store.js";

/** What a provider hands down to the hooks below it. */
export interface Desk {
  /** Null on a server, and until the provider is mounted. */
  readonly client: Client | null;
  /** Why the client could not be made or connected; null while it could. */
  readonly error: unknown;
  readonly retry: () => void;
  readonly agents: AgentsStore;
}

/** The desk of a provider that has no client yet. */
export const NO_DESK: Desk = {
  client: null,
  error: null,
  retry: () => undefined,
  agents: new AgentsStore(null, undefined),
};

export const DeskContext = createContext<Desk | null>(null);

/** The desk of the nearest provider. */
export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null)
    throw new Error(
      "A hook of oligarchy-agentvm/react was used outside of <AgentVMProvider>: put that around the component.",
    );
  return desk;
}

/**
 * The client, for calls: null on a server, and until the provider is mounted.
 *
 * @throws Error outside of an {@link AgentVMProvider}, as all hooks do.
 *
 * @example
 * const agentvm = useAgentVM();
 * const hire = () => agentvm?.agents.create("aider");
 */
export function useAgentVM(): Client | null {
  return useDesk().client;
}
