import type { PermissionAnswer, PermissionRequest } from "../agent-events.js";
import { allows, hostsOf, kindOf } from "./rules.js";
import type { Rule } from "./rules.js";
import type { Reach } from "./reach.js";
import { wordsFor } from "./words.js";

/** What is said to a request: by a player, or by nobody. */
export interface Said {
  readonly choice: string | null;
  /** Words that came along, for the agent to read. */
  readonly text: string | null;
  readonly by: "player" | "time" | "worker";
}

/** How a request is put to the player. */
export interface AskedPermission {
  readonly text: string;
  readonly options: readonly { readonly id: string; readonly label: string; readonly hint?: string }[];
  readonly about: {
    readonly tool: string;
    readonly title: string;
    readonly path?: string;
    readonly command?: string;
    readonly diff?: string;
  };
}

/** Decides what one task's agent may do: by the rules, by what the player has said for the whole task, or by asking. */
export class TaskPermissions {
  readonly #rules: readonly Rule[];
  readonly #reach: Reach;
  readonly #ask: (asked: AskedPermission) => Promise<Said>;
  /** What the player has allowed until the task is over. */
  readonly #always = new Set<string>();

  constructor(rules: readonly Rule[], reach: Reach, ask: (asked: AskedPermission) => Promise<Said>) {
    this.#rules = rules;
    this.#reach = reach;
    this.#ask = ask;
  }

  /** Whether something may be done. Where nobody says yes, it may not. */
  async permit(request: PermissionRequest): Promise<PermissionAnswer> {
    if (this.#isAllowed(request)) return { verdict: "once", reason: null };
    const scope = this.#scopeOf(request);
    const said = await this.#ask(wordsFor(request, this.#reach, scope));
    if (said.by === "time") return no("Nobody answered in time, so it may not be done.");
    if (said.by === "worker") return no("It was not decided, so it may not be done.");
    if (said.choice === "once") return { verdict: "once", reason: null };
    if (said.choice === "always" && scope !== null) {
      this.#always.add(scope.key);
      return { verdict: "always", reason: null };
    }
    return said.text === null
      ? no("The player said no.")
      : { ...no(`The player said no: ${said.text}`), words: said.text };
  }

  #isAllowed(request: PermissionRequest): boolean {
    if (this.#rules.some((rule) => allows(rule, request, this.#reach))) return true;
    const scope = this.#scopeOf(request);
    return scope !== null && this.#always.has(scope.key);
  }

  /** What "always" would allow beside the request itself; null where it would be too much. */
  #scopeOf(request: PermissionRequest): Scope | null {
    const kind = kindOf(request);
    switch (kind) {
      case "read":
      case "write": {
        const paths = this.#reach.within(request.paths);
        if (paths === null || paths.length === 0) return null;
        const what = kind === "write" ? "Every change" : "Every look at a file";
        return { key: kind, hint: `${what} in the project, until the task is over.` };
      }
      case "run":
        if (request.command === null) return null;
        return { key: `run:${request.command}`, hint: "This very command, until the task is over." };
      case "fetch": {
        const [host] = hostsOf(request);
        if (host === undefined) return null;
        return { key: `fetch:${host}`, hint: `Every page of ${host}, until the task is over.` };
      }
      case "tool":
        return { key: `tool:${request.tool_name}`, hint: `${request.tool_name}, until the task is over.` };
    }
  }
}

/** What is allowed by "always". */
export interface Scope {
  readonly key: string;
  /** The same for the player. */
  readonly hint: string;
}

function no(reason: string): PermissionAnswer {
  return { verdict: "no", reason };
}
