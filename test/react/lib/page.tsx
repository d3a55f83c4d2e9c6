/** @jsxImportSource react */
import { StrictMode } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import type { Root } from "react-dom/client";
import { createMockBackend } from "../../../mock-server/testing.js";
import { AgentVM } from "../../../src/slim.js";
import { AgentVMProvider } from "../../../src/react.js";
import { Office, renders } from "./office.js";

const backend = createMockBackend({
  clock: "manual",
  scripts: [
    {
      prompt: "jump",
      asks: { kind: "permission", text: "May I write player.ts?" },
      changes: { files: [{ path: "player.ts", insertions: 1, deletions: 1 }] },
    },
  ],
});
const made: AgentVM[] = [];
let broken = false;
let root: Root | null = null;

const office = (
  <StrictMode>
    <AgentVMProvider
      create={() => {
        const agentvm = new AgentVM({
          ...backend.connection(),
          ...(broken && { apiKey: "wrong" }),
          totalTimeoutMs: 1_000,
        });
        made.push(agentvm);
        return agentvm;
      }}
      game={{ game_name: "Office" }}
    >
      <Office />
    </AgentVMProvider>
  </StrictMode>
);

/** What a test does with the page. */
const hands = {
  backend,
  renders,
  made: () => made.length,
  /** The client of the page that is shown. */
  agentvm(): AgentVM {
    const [first] = made;
    if (first === undefined) throw new Error("The page has made no client.");
    return first;
  },
  /** Whether a client that is made from now on has a key that does not hold. */
  breakKey(value: boolean): void {
    broken = value;
  },
  show(): void {
    const place = document.getElementById("root");
    if (place === null) throw new Error("The page has no root.");
    root = place.firstChild === null ? createRoot(place) : hydrateRoot(place, office);
    root.render(office);
  },
  leave(): void {
    root?.unmount();
  },
};
Object.assign(window, { office: hands });

declare global {
  interface Window {
    office: typeof hands;
  }
}
