/** Waits until something is there that is looked for, now and whenever a watcher is called. */
export function eventually<T>(watchers: Set<() => void>, find: () => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    const look = (): void => {
      const found = find();
      if (found === undefined) return;
      watchers.delete(look);
      resolve(found);
    };
    watchers.add(look);
    look();
  });
}
