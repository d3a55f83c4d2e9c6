/**
 * A move that was asked for. Leave it alone, and it goes out with the others when it is its time, or not at all when a newer one
 * of the same agent has taken its place. Await it, and it goes out at once, and you get the server's answer or the error.
 */
export interface Move<A> extends PromiseLike<A> {
  catch<T = never>(failed: (reason: unknown) => T | PromiseLike<T>): Promise<A | T>;
  finally(settled: () => void): Promise<A>;
}

/** Makes one, which asks the server when somebody first wants to know, and once. */
export function lazyMove<A>(ask: () => Promise<A>): Move<A> {
  let answer: Promise<A> | null = null;
  const asked = (): Promise<A> => (answer ??= ask());
  return {
    // A promise that costs nothing until somebody waits for it has to be one itself.
    then: (done, failed) => asked().then(done, failed),
    catch: (failed) => asked().catch(failed),
    finally: (settled) => asked().finally(settled),
  };
}
