import { useConsole } from "./console-context.js";

/** The prompt of a task, which leads to it; its id where nothing else is known of it. */
export function TaskLink({ taskId }: { readonly taskId: string }) {
  const { tasks, selectedTask, view } = useConsole();
  const task = tasks.value.find(({ id }) => id === taskId);
  return (
    <button
      type="button"
      class="link"
      onClick={() => {
        selectedTask.value = taskId;
        view.value = "tasks";
      }}
    >
      {task?.prompt ?? taskId}
    </button>
  );
}
