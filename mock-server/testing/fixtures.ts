import type { Clock } from "../../src/contract/clock.js";
import type { BackendOptions } from "../backend-options.js";
import { createMockBackend } from "./test-backend.js";
import type { TestBackend } from "./test-backend.js";

/** A class like `AgentVM`. */
type ClientClass<A> = new (options: ReturnType<TestBackend["connection"]> & { readonly clock: Clock }) => A;

/** What a test is given. */
export interface AgentVMFixtures<A> {
  /** A backend on the manual clock. */
  readonly backend: TestBackend;
  /** A client of it, on the same clock. */
  readonly agentvm: A;
}

type Use<T> = (value: T) => Promise<void>;

/**
 * Fixtures for vitest's `test.extend`: each test that asks for them has a backend on the manual clock and a client of its own, which are
 * closed after it.
 *
 * @param AgentVM The class of your entry of the package.
 *
 * @example
 * const test = base.extend(agentvmFixtures(AgentVM));
 * test("a task", async ({ backend, agentvm }) => { … });
 */
export function agentvmFixtures<A extends { close(): Promise<void> }>(
  AgentVM: ClientClass<A>,
  options: BackendOptions = {},
) {
  return {
    // Vitest reads from the parameters what a fixture needs, so that there has to be one for what needs nothing.
    // eslint-disable-next-line no-empty-pattern -- as above
    backend: async ({}: object, use: Use<TestBackend>): Promise<void> => {
      const backend = createMockBackend({ seed: 1, clock: "manual", ...options });
      await use(backend);
      backend.close();
    },
    agentvm: async ({ backend }: { backend: TestBackend }, use: Use<A>): Promise<void> => {
      const agentvm = new AgentVM({ ...backend.connection(), clock: backend.wallClock });
      await use(agentvm);
      await agentvm.close();
    },
  };
}
