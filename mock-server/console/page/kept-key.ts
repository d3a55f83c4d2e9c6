const NAME = "agentvm-console-key";

/**
 * The API key of this tab, for as long as the tab is open. A browser that forbids storage, as in a sandboxed frame, forgets it with the
 * page.
 */
export const keptKey = {
  read(): string | null {
    try {
      return sessionStorage.getItem(NAME);
    } catch {
      return null;
    }
  },
  write(key: string): void {
    try {
      sessionStorage.setItem(NAME, key);
    } catch {
      // The page still has it.
    }
  },
  forget(): void {
    try {
      sessionStorage.removeItem(NAME);
    } catch {
      // It was never kept.
    }
  },
};
