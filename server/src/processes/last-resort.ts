import { startGuard } from "./guard.js";
import type { Guard } from "./guard.js";

const leaders = new Set<number>();
let guard: Guard | null = null;

/**
 * When this process ends before a program does, the program ends with it, and what it has started: nobody would be there to stop it. Where this
 * process ends by itself it does that; where it is killed, its guard does.
 *
 * @returns What is to be called when the program has ended.
 */
export function endWithThis(leader: number, mark: string): () => void {
  if (leaders.size === 0) process.on("exit", endAll);
  leaders.add(leader);
  guard ??= startGuard();
  guard.began(leader, mark);
  return () => {
    leaders.delete(leader);
    guard?.ended(leader, mark);
    if (leaders.size > 0) return;
    process.off("exit", endAll);
    guard?.close();
    guard = null;
  };
}

function endAll(): void {
  for (const leader of leaders) {
    try {
      process.kill(-leader, "SIGKILL");
    } catch {
      // It has ended just now.
    }
  }
}
