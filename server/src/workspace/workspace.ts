import type { ChangedFile, Task } from "oligarchy-agentvm";

/** A git repository in which tasks work beside one another, none in the person's own checkout. */
export interface Workspace {
  /** The repository's own folder, resolved. */
  readonly root: string;
  /** The branch into which accepted work goes. */
  readonly base: string;
  /** Tasks that can work at the same time; as many as there are where it is left out. One where tasks work in the folder itself. */
  readonly atOnce?: number;
  /**
   * Makes the place for a task: a worktree on the branch `agentvm/<task_id>`, from the base, or from the branch of the task that it
   * `continues` where that is still there.
   */
  open(task: Task): Promise<Place>;
  /**
   * Takes the changes of a task into the base, or removes them. Gives the files in conflict, and has changed nothing then.
   *
   * @throws AgentError when the changes are not there any more, or git cannot do it.
   */
  review(task: Task, verdict: "accept" | "discard", message: string | null): Promise<readonly string[]>;
  /** Settles what earlier runs have left behind: worktrees without a task are committed to their branch and removed, old ones deleted. */
  settle(): Promise<void>;
  /** Lets go of the repository. Places of tasks that run are left as they are. */
  close(): Promise<void>;
}

/** Where one task works. */
export interface Place {
  readonly directory: string;
  readonly branch: string;
  /** What a player should know of it: that its changes cannot be told, and why. Nothing where it is null or left out. */
  readonly note?: string | null;
  /**
   * Commits what has changed, in the agent's name, and says what it is; null where nothing has. The worktree is gone afterwards, the
   * branch is there until it is reviewed.
   */
  commit(message: string, author: string): Promise<PlaceChanges | null>;
  /** Removes worktree and branch: nothing of it is wanted. */
  remove(): Promise<void>;
}

/** What a task has changed, as its worker tells it. */
export interface PlaceChanges {
  readonly branch: string;
  readonly base: string;
  /** Null where the task has worked in the folder itself: nothing is committed there. */
  readonly commit: string | null;
  /** At most 1,000; the sums are of all. */
  readonly files: readonly ChangedFile[];
  /** Lines that came and lines that went, in all files. */
  readonly insertions: number;
  readonly deletions: number;
  /** As a unified diff, up to 1 MiB; past that it is cut behind a line, and its last line says so. */
  readonly diff: string;
}
