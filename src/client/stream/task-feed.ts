import type { Task } from "../../contract/index.js";

/** Tells how tasks go on: by asking again and again, or by events. */
export interface TaskFeed {
  /**
   * Gives the task as it is, then each time that it has changed, the latest alone where changes come faster than
   * they are read, and ends after the task's ending. Throws an AgentVMError when it cannot be learned.
   */
  follow(taskId: string, signal?: AbortSignal): AsyncIterable<Task>;
}
