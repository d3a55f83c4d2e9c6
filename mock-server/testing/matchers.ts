import { isObject } from "../../src/contract/is-object.js";

/** What a matcher says. */
interface Verdict {
  readonly pass: boolean;
  readonly message: () => string;
}

/**
 * What {@link matchers} add to `expect`, for TypeScript: a test's own types declare it once.
 *
 * @example
 * declare module "vitest" {
 *   interface Matchers<T> extends AgentVMMatchers<T> {}
 * }
 */
export interface AgentVMMatchers<R = unknown> {
  /** That a task, or its result, says that it failed: with a code, or with a message that has a text or pattern in it. */
  toHaveFailedWith(codeOrText: string | RegExp): R;
  /** That a task waits for an answer to a question that has a text or pattern in it. */
  toHaveAsked(text: string | RegExp): R;
}

/** A task as `agentvm.tasks.get` gives it, or its result. */
interface Told {
  readonly status?: unknown;
  readonly error?: unknown;
  readonly result?: unknown;
  readonly question?: unknown;
}

/**
 * Matchers for `expect.extend`, of vitest and of jest.
 *
 * @example
 * expect.extend(matchers);
 * expect(await agentvm.tasks.get(id)).toHaveFailedWith("tests_failed");
 * expect(await agentvm.tasks.get(id)).toHaveAsked("May I write player.ts?");
 */
export const matchers = {
  /** That a task, or its result, says that it failed: with a code, or with a message that has a text or pattern in it. */
  toHaveFailedWith(received: unknown, expected: string | RegExp): Verdict {
    const { result, error }: Told = isObject(received) ? received : {};
    const fault = error ?? (isObject(result) ? result["error"] : null);
    const { code, message }: Readonly<Record<string, unknown>> = isObject(fault) ? fault : {};
    const pass = code === expected || (typeof message === "string" && isIn(expected, message));
    const told = isObject(fault)
      ? `${String(code)}: ${String(message)}`
      : `it has not: ${statusOf(received)}`;
    return {
      pass,
      message: () => `The task was ${pass ? "not " : ""}to have failed with ${String(expected)}; ${told}`,
    };
  },

  /** That a task waits for an answer to a question that has a text or pattern in it. */
  toHaveAsked(received: unknown, expected: string | RegExp): Verdict {
    const question =
      isObject(received) && isObject(received["question"]) ? received["question"]["text"] : null;
    const pass = typeof question === "string" && isIn(expected, question);
    const told =
      typeof question === "string" ? `it asks: ${question}` : `it asks nothing: ${statusOf(received)}`;
    return { pass, message: () => `The task was ${pass ? "not " : ""}to ask ${String(expected)}; ${told}` };
  },
};

function isIn(expected: string | RegExp, text: string): boolean {
  return typeof expected === "string" ? text.includes(expected) : text.search(expected) >= 0;
}

function statusOf(received: unknown): string {
  return isObject(received) && "status" in received
    ? `it is ${String(received["status"])}`
    : "this is no task";
}
