import type { Adapter } from "./adapter.js";
import { aider } from "./aider.js";
import { claude } from "./claude.js";
import { codex } from "./codex.js";
import { opencode } from "./opencode.js";

/** The agents that can be run, by name, in the order in which they are looked for. */
export const ADAPTERS: Readonly<Record<string, Adapter>> = { claude, opencode, codex, aider };
