import type { Protocol } from "./protocol.js";

/** OpenAI's chat completions, as opencode asks for them. */
export const openaiChat: Protocol | null = null;
