import { useMemo, useSyncExternalStore } from "react";
import type { AnswerOf, Question, Task } from "../contract/index.js";
import type { QuestionAnswer } from "../client/resources/task-work.js";
import { useDesk } from "./desk.js";
import { useTask } from "./use-task.js";

/** A question that waits for the player. */
export interface OpenQuestion {
  readonly question: Question;
  /** The task that asks; its `agent_id` is the character that waits. */
  readonly task: Task;
  /** Answers it: `{ choice }` with the id of an option, or `{ text }`. Rejects as `agentvm.tasks.answer` does. */
  readonly answer: (answer: Omit<QuestionAnswer, "question_id">) => Promise<AnswerOf<"taskAnswer">>;
}

const none = (): null => null;

/**
 * The question that a task asks, or without an id that of the agent who has waited longest among the game's; null while nobody waits.
 *
 * @example
 * const asked = useQuestion();
 * if (asked === null) return null;
 * return asked.question.options.map(({ id, label }) => (
 *   <button key={id} onClick={() => asked.answer({ choice: id })}>{label}</button>
 * ));
 */
export function useQuestion(taskId?: string | null): OpenQuestion | null {
  const { agents } = useDesk();
  const waiting = (): string | null =>
    taskId === undefined
      ? (agents.all().find(({ state }) => state === "waiting")?.current_task_id ?? null)
      : taskId;
  const asking = useSyncExternalStore(agents.subscribe, waiting, none);
  const { task, handle } = useTask(asking);
  const question = task?.question ?? null;
  return useMemo(
    () =>
      question === null || task === null || handle === null
        ? null
        : {
            question,
            task,
            answer: (answer) => handle.answer({ question_id: question.question_id, ...answer }),
          },
    [question, task, handle],
  );
}
