/**
 * The name under which a `fetch` that reaches a backend in the same page carries the shorter way to it. Registered, so that
 * an SDK and a backend find each other from bundles of their own.
 */
export const DIRECT = Symbol.for("oligarchy-agentvm.direct");
