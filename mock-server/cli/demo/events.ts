import type {
  Agent,
  ToldAgentState,
  TaskEnding,
  TaskResult,
  ToldTaskStatus,
} from "../../../src/contract/index.js";

/** A task as the demo talks about it. */
export interface DemoTask {
  readonly task_id: string;
  /** What it is in the story: the debugging, the team's, or the one that is cancelled. */
  readonly part: "debugging" | "team" | "cancelled";
  readonly agent_id: string | null;
  readonly task_type: string;
  readonly prompt: string;
}

/** How one task of the demo ended. */
export interface DemoEnding extends DemoTask {
  readonly status: TaskEnding;
  readonly result: TaskResult;
}

/** What happens in the demo, one thing at a time. */
export type DemoEvent =
  | {
      readonly type: "started";
      readonly backend: "embedded" | "server";
      readonly endpoint: string;
      readonly seed: number | null;
      readonly speed: number | null;
    }
  | {
      readonly type: "connected";
      readonly game_id: string;
      readonly game_name: string;
      readonly server: { readonly name: string; readonly version: string };
    }
  | { readonly type: "agent_created"; readonly agent: Agent }
  | { readonly type: "agent_met"; readonly agent: Agent }
  | { readonly type: "agent_state"; readonly agent_id: string; readonly state: ToldAgentState }
  /** The live events were lost and come again by themselves; `missed` tells whether some are gone for good. */
  | { readonly type: "events_away"; readonly reason: string }
  | { readonly type: "events_back"; readonly missed: boolean }
  | { readonly type: "task_assigned"; readonly task: DemoTask; readonly status: ToldTaskStatus }
  | {
      readonly type: "team_assigned";
      readonly team_id: string;
      readonly prompt: string;
      readonly tasks: readonly DemoTask[];
    }
  | { readonly type: "task_cancelled"; readonly task: DemoTask; readonly reason: string }
  | {
      readonly type: "task_progress";
      readonly task: DemoTask;
      readonly agent_id: string | null;
      readonly progress: number;
      readonly message: string;
    }
  | { readonly type: "task_ended"; readonly task: DemoEnding }
  | { readonly type: "left_behind"; readonly message: string }
  | {
      readonly type: "finished";
      readonly ok: boolean;
      readonly tasks: readonly DemoEnding[];
      /** What did not come out as it should have; empty when all did. */
      readonly problems: readonly string[];
    };

/** Told of everything that happens. */
export type Tell = (event: DemoEvent) => void;
