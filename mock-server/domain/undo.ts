import type { World } from "./world.js";

/** How to take back what a command has changed so far, each step after all that follow it. */
export type Undo = (() => void)[];

/** Takes back the steps from one on, the last first. */
export function takeBack(undo: Undo, from: number): void {
  while (undo.length > from) undo.pop()?.();
}

/** Forgets all steps. The list keeps its room, which it would give away if its length were set, and every command needs it. */
export function forgetSteps(undo: Undo): void {
  while (undo.length > 0) undo.pop();
}

/**
 * Puts what was taken back where it was: a thing that was removed comes back at the end of its map, and the order of maps counts. It goes
 * through the whole world, which a command that fails halfway may cost.
 */
export function putInOrder(world: World): void {
  sortValues(world.agents, (record) => record.ordinal);
  sortValues(world.tasks, (record) => record.ordinal);
  sortValues(world.games, (record) => record.ordinal);
  sortValues(world.workers, (record) => record.ordinal);
  const ended = [...world.ended].sort((a, b) => endOf(world, a) - endOf(world, b));
  world.ended.clear();
  for (const taskId of ended) world.ended.add(taskId);
  for (const kept of world.answers.values()) sortValues(kept, ({ ordinal }) => ordinal);
  sortValues(world.answers, (kept) => [...kept.values()].at(-1)?.ordinal ?? 0);
  world.agentsByState.reset(Array.from(world.agents.values(), ({ state }) => state));
  world.tasksByStatus.reset(Array.from(world.tasks.values(), ({ task }) => task.status));
}

function sortValues<K, V>(map: Map<K, V>, place: (value: V) => number): void {
  const entries = [...map].sort(([, a], [, b]) => place(a) - place(b));
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}

function endOf(world: World, taskId: string): number {
  return world.tasks.get(taskId)?.ended ?? 0;
}
