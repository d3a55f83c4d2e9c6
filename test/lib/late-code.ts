/**
 * Loads what is otherwise loaded with the first call that needs it. That takes as long as it takes, while a test on a virtual clock has
 * its minutes over in no time.
 */
export async function loadLateCode(): Promise<void> {
  await Promise.all([
    import("../../src/lazy/live.js"),
    import("../../src/lazy/batching.js"),
    import("../../src/lazy/kept-session.js"),
    import("../../src/lazy/seldom-calls.js"),
    import("../../src/lazy/pool-and-metrics.js"),
    import("../../mock-server/lazy/live.js"),
    import("../../mock-server/lazy/seldom.js"),
  ]);
}
