import { AgentVMError } from "../../src/godot/index.js";
import { loadedBackend, loadedScripts } from "./page-code.js";
import type { BackendCode, ScriptsCode } from "./page-code.js";

/** The page's own script, beside which the others stand. */
const OWN = "agentvm-godot.js";
const BACKEND = "agentvm-godot-backend.js";
const SCRIPTS = "agentvm-godot-scripts.js";

/** Gives the embedded backend, loaded if need be. Rejects with an AgentVMError where the page cannot. */
export function loadBackend(): Promise<BackendCode> {
  return load(BACKEND, loadedBackend);
}

/** Gives the code of scripts, loaded if need be. Rejects with an AgentVMError where the page cannot. */
export function loadScripts(): Promise<ScriptsCode> {
  return load(SCRIPTS, loadedScripts);
}

async function load<T>(file: string, loaded: () => T | null): Promise<T> {
  if (loaded() === null) await runInPage(file);
  const code = loaded();
  if (code !== null) return code;
  throw new AgentVMError(`The page could not load ${file}, or has it from another build.`, {
    code: "script_missing",
    outcome: "not_sent",
    remediation:
      "Export with the AgentVM plugin enabled, and keep that file beside the page. With a Content-Security-Policy, allow script-src 'self'.",
  });
}

/** Runs a file that stands beside the page's script, with what lets that run; the end of it, good or bad, is all that comes of it. */
async function runInPage(file: string): Promise<void> {
  // In a place that is no page there is nothing to run it in.
  if (typeof document === "undefined") return;
  const own = document.querySelector<HTMLScriptElement>(`script[src*="${OWN}"]`);
  const tag = document.createElement("script");
  tag.src = new URL(file, own?.src ?? document.baseURI).href;
  tag.nonce = own?.nonce ?? "";
  await new Promise((settled) => {
    tag.onload = tag.onerror = settled;
    document.head.append(tag);
  });
}
