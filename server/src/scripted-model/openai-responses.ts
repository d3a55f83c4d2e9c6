import type { Protocol } from "./protocol.js";

/** OpenAI's responses, as codex asks for them. */
export const openaiResponses: Protocol | null = null;
