import { createMockBackend } from "../../../mock-server/index.js";
import { AgentVM as OverAxios } from "../../../src/index.js";
import { AgentVM as OverFetch } from "../../../src/slim.js";
import type { GodotFacade } from "../../../src/godot/index.js";

/** What a page of these tests can play with. */
const play = { OverAxios, OverFetch, createMockBackend };
Object.assign(window, { play });

declare global {
  interface Window {
    play: typeof play;
    agentvmGodot: GodotFacade;
    /** The client that a test made. */
    agentvm: OverFetch | OverAxios;
  }
}
