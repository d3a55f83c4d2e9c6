import { taskOutputRoutes } from "../../contract/routes/task-output.js";
import type { TaskOutputLine, ToldTaskStatus } from "../../contract/index.js";
import { NetworkError, isNetworkError } from "../../errors/network-error.js";
import { isTimeoutError } from "../../errors/timeout-error.js";
import type { AgentVMError } from "../../errors/index.js";
import { answerLines, pause } from "../http/answer-lines.js";
import type { Caller } from "../http/caller.js";
import type { CallOptions } from "../http/options.js";

/** A piece of what a task wrote. */
export type TaskOutputText = Extract<TaskOutputLine, { text: string }>;

/** The pieces of a task's output as they are written; what it returns at its end is the task's status. */
export type TaskOutput = AsyncGenerator<TaskOutputText, ToldTaskStatus>;

/** Reads a task's output and goes on where it was when the connection is cut, as often as it brings something new. */
export async function* readOutput(
  caller: Caller,
  taskId: string,
  start: number,
  options: CallOptions,
): TaskOutput {
  let offset = start;
  for (let failures = 1; ; failures += 1) {
    let cut: AgentVMError;
    try {
      const input = { params: { task_id: taskId }, query: offset === 0 ? {} : { offset } };
      for await (const line of answerLines(caller, taskOutputRoutes.taskOutput, input, options)) {
        if ("done" in line) return line.status;
        const next = line.offset + new TextEncoder().encode(line.text).length;
        // What was here before is nothing new: a server that begins anew each time is not asked again and again.
        if (next <= offset) continue;
        offset = next;
        failures = 0;
        yield line;
      }
      cut = new NetworkError(`The output of ${taskId} ended before the task did.`, {
        code: "connection_lost",
        outcome: "unknown",
        retryable: true,
        remediation: "Read on from the last offset with tasks.output().",
      });
    } catch (error) {
      if (!isNetworkError(error) && !isTimeoutError(error)) throw error;
      cut = error;
    }
    await pause(caller, cut, failures, options.signal);
  }
}
