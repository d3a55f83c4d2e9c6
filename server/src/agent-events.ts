import type { QuestionAbout } from "oligarchy-agentvm";
import type { WorkState } from "oligarchy-agentvm/worker";

/**
 * What a command-line agent is seen doing, whichever it is: each adapter says in these words what its own agent tells, and nothing behind
 * them knows one agent from another. The kinds of tools are those of the Agent Client Protocol.
 */
export type AgentEvent =
  /** The conversation has begun, under a name by which the agent can go on with it. */
  | { readonly kind: "session"; readonly session: string; readonly model: string | null }
  /** Words to the player. `of` is the helper that says them; null for the agent itself. */
  | { readonly kind: "message"; readonly text: string; readonly of: string | null }
  /** The agent thinks, or waits for its model. */
  | { readonly kind: "thought"; readonly of: string | null }
  /** A tool began, went on or ended; the same `tool_id` each time. */
  | {
      readonly kind: "tool";
      readonly tool_id: string;
      readonly tool: ToolKind;
      /** What it does, in a line: `Edit src/player.ts`, `npm test`. */
      readonly title: string;
      readonly status: ToolStatus;
      readonly of: string | null;
    }
  /** It says itself what it is to be seen doing. */
  | { readonly kind: "state"; readonly state: WorkState; readonly of: string | null }
  /** It says itself how far it is, 0 to 1 (null: as far as before), and what it is at. */
  | { readonly kind: "progress"; readonly share: number | null; readonly message: string }
  /** The agent's own plan, whole, each time that it changes. */
  | { readonly kind: "plan"; readonly entries: readonly PlanEntry[] }
  /** A helper came: it has a tool's id and a name. */
  | { readonly kind: "helper"; readonly helper: string; readonly name: string }
  /** A helper has done its part. */
  | { readonly kind: "helper_gone"; readonly helper: string }
  /** What the model has used, from the beginning of the task until now. */
  | {
      readonly kind: "usage";
      readonly input_tokens: number;
      readonly output_tokens: number;
      readonly cost_usd: number | null;
      readonly model: string | null;
    }
  /** The model is overloaded or limits its calls, and the agent tries again by itself. */
  | { readonly kind: "retry"; readonly message: string }
  /** A line for the task's output that none of the others is; `isSaid` where it is what the agent has to say, and not a noise beside it. */
  | {
      readonly kind: "output";
      readonly stream: "stdout" | "stderr";
      readonly text: string;
      readonly isSaid?: boolean;
    };

/** What a tool does, in the words of the Agent Client Protocol. */
export type ToolKind =
  "read" | "edit" | "delete" | "move" | "search" | "execute" | "think" | "fetch" | "other";

/** How far a tool has come. */
export type ToolStatus = "pending" | "running" | "done" | "failed";

/** One step of an agent's plan. */
export interface PlanEntry {
  readonly text: string;
  readonly status: "pending" | "running" | "done";
}

/** What an agent asks before it does it. */
export interface PermissionRequest {
  readonly kind: "permission";
  readonly tool: ToolKind;
  /** The agent's own name for the tool: `Bash`, `edit`. */
  readonly tool_name: string;
  /** What it wants to do, in a line. */
  readonly title: string;
  /** Files that it would touch, as the agent names them: absolute, or from the worktree on. */
  readonly paths: readonly string[];
  readonly command: string | null;
  /** What would change, as a unified diff, where the agent tells it. */
  readonly diff: string | null;
}

/** What was said to a request; `always` holds for the rest of the task. */
export interface PermissionAnswer {
  readonly verdict: "once" | "always" | "no";
  /** Why not, for the agent to read; null for a yes. */
  readonly reason: string | null;
  /** What the player has said along with a no, for agents that are told nothing but the no. */
  readonly words?: string;
}

/** Something that the agent itself wants to know. */
export interface AgentQuestion {
  readonly kind: "question";
  readonly text: string;
  /** Ways to answer; none where any words will do. */
  readonly options: readonly { readonly id: string; readonly label: string; readonly hint?: string }[];
  readonly about?: QuestionAbout;
}

/** What was said to a question; null where nobody answered in time. */
export type AgentReply = { readonly choice: string } | { readonly text: string } | null;
