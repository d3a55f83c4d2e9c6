import type {
  Agent,
  Changes,
  Question,
  TaskEnding,
  TaskResult,
  ToldAgentState,
} from "../../../../src/contract/index.js";
import type { TestRun } from "./repository.js";

/** Who says something in the place of the player: the person at the terminal, or the demo where nobody is there. */
export type Who = "person" | "demo";

/** What happens in the demo with a real agent, one thing at a time. */
export type RealDemoEvent =
  | {
      readonly type: "started";
      readonly agent: { readonly name: string; readonly version: string | null };
      /** Whether its model is scripted, and not the one that it is logged in with. */
      readonly scripted: boolean;
      readonly repository: string;
      readonly endpoint: string;
      readonly console_url: string | null;
    }
  | ({ readonly type: "tests" } & TestRun)
  | { readonly type: "agent_created"; readonly agent: Agent }
  | { readonly type: "task_assigned"; readonly task_id: string; readonly prompt: string }
  | { readonly type: "agent_state"; readonly state: ToldAgentState }
  /** What the agent writes, line by line: its words, and on the other stream what it does. */
  | { readonly type: "output"; readonly stream: string; readonly text: string }
  | { readonly type: "question"; readonly question: Question }
  | { readonly type: "answered"; readonly label: string; readonly by: Who }
  | {
      readonly type: "task_ended";
      readonly status: TaskEnding;
      readonly seconds: number;
      readonly error: TaskResult["error"];
      readonly changes: Changes | null;
    }
  | { readonly type: "diff"; readonly diff: string }
  | { readonly type: "reviewed"; readonly verdict: "accepted" | "discarded"; readonly by: Who }
  | { readonly type: "log"; readonly commits: readonly string[] }
  | {
      readonly type: "finished";
      readonly ok: boolean;
      /** What did not come out as it should have; empty when all did. */
      readonly problems: readonly string[];
    };

/** Told of everything that happens. */
export type Tell = (event: RealDemoEvent) => void;
