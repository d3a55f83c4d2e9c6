/**
 * Loads what is otherwise loaded with the first call that needs it. That takes as long as it takes, while a test on a virtual clock has
 * its minutes over in no time.
 */
export async function loadLateCode(): Promise<void> {
  await Promise.all([
    import("../../src/later-code.js"),
    import("../../src/game/late-code.js"),
    import("../../src/game/pool/start-pool.js"),
    import("../../src/realtime/core.js"),
    import("../../src/resources/kept-session.js"),
    import("../../mock-server/desk/late-code.js"),
    import("../../mock-server/desk/byte-stream.js"),
    import("../../mock-server/hosts/in-page/network.js"),
    import("../../mock-server/hosts/in-page/live-side.js"),
  ]);
}
