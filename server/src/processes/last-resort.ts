const leaders = new Set<number>();

/** When this process ends before a program does, the program's group ends with it: nobody would be there to stop it. */
export function endWithThis(leader: number): () => void {
  if (leaders.size === 0) process.on("exit", endAll);
  leaders.add(leader);
  return () => {
    leaders.delete(leader);
    if (leaders.size === 0) process.off("exit", endAll);
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
