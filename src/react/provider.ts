import { createElement, useCallback, useEffect, useMemo, useState } from "react";
import type { ReactElement, ReactNode } from "react";
import type { Client } from "../client/client.js";
import type { ConnectGame } from "../client/resources/resume-storage.js";
import { AgentsStore } from "./agents-store.js";
import { DeskContext, NO_DESK } from "./desk.js";
import type { Desk } from "./desk.js";

/** Either how the provider makes a client of its own, or one that the application has made. */
export type AgentVMProviderProps = {
  readonly children?: ReactNode;
  /** The game whose agents are shown, for a client that does not connect itself, as one with a `sessionToken`. */
  readonly gameId?: string;
} & (
  | {
      /**
       * Makes the client, in the browser alone, when the provider is mounted; it is connected then, and closed when the provider
       * goes. Read once: give the provider another `key` to begin anew.
       */
      readonly create: () => Client;
      /** What `connect` is called with. Default: a game with no name of its own. */
      readonly game?: ConnectGame;
      readonly client?: undefined;
    }
  | {
      /** A client that is connected and closed by whoever made it. */
      readonly client: Client;
      readonly create?: undefined;
      readonly game?: undefined;
    }
);

/** What a provider has made by itself. */
interface Made {
  readonly client: Client | null;
  readonly error: unknown;
}

const NOTHING: Made = { client: null, error: null };

/**
 * Gives the components below it a client: one that it makes, connects and closes, or one that is handed in. It is safe in StrictMode, where
 * it connects once, and on a server, where it makes none and the hooks tell of nothing.
 *
 * @example
 * <AgentVMProvider create={() => new AgentVM({ endpoint: "http://localhost:8000" })} game={{ game_name: "Office" }}>
 *   <Office />
 * </AgentVMProvider>
 */
export function AgentVMProvider(props: AgentVMProviderProps): ReactElement {
  const { children, gameId, client: given, create, game } = props;
  const [made, setMade] = useState(NOTHING);
  const [tries, setTries] = useState(0);
  const retry = useCallback(() => setTries((before) => before + 1), []);
  useEffect(() => {
    if (create === undefined) return undefined;
    let client: Client | null = null;
    let gone = false;
    const begin = async (): Promise<void> => {
      // StrictMode mounts, unmounts and mounts again at once: the first of the two makes none.
      await Promise.resolve();
      if (gone) return;
      client = create();
      setMade({ client, error: null });
      await client.connect(game);
    };
    begin().catch((error: unknown) => {
      if (!gone) setMade({ client, error });
    });
    return () => {
      gone = true;
      setMade(NOTHING);
      void client?.close();
    };
    // What makes the client is read when the provider is mounted, as is written above.
  }, [tries]);
  const { client, error } = given === undefined ? made : { client: given, error: null };
  const desk = useMemo(
    (): Desk =>
      client === null
        ? { ...NO_DESK, error, retry }
        : { client, error, retry, agents: new AgentsStore(client, gameId) },
    [client, error, gameId, retry],
  );
  return createElement(DeskContext.Provider, { value: desk }, children);
}
