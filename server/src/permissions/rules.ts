import picomatch from "picomatch";
import { AgentError, EXIT } from "../agent-error.js";
import type { PermissionRequest } from "../agent-events.js";
import type { Reach } from "./reach.js";

/** What agents may do without asking: a word, and for some a pattern behind a colon. */
export interface Rule {
  readonly kind: RuleKind;
  /** Null for all of its kind. */
  readonly pattern: string | null;
}

/** What a rule is about. */
export type RuleKind = (typeof KINDS)[number];

const KINDS = ["read", "write", "run", "fetch", "tool"] as const;

/** What is allowed when nobody says anything: looking at the project that it works on. */
export const DEFAULT_RULES: readonly Rule[] = [{ kind: "read", pattern: null }];

/**
 * Reads a rule.
 *
 * - `read`, `read:docs/**`: to read and search in the project, or in files that fit
 * - `write`, `write:src/**`: to change, create, move and delete them
 * - `run`, `run:npm test`, `run:npm run *`: to run commands; `*` stands for anything but what would begin another command
 * - `fetch`, `fetch:*.example.com`: to look at pages, by host
 * - `tool`, `tool:WebSearch`: to use any other tool, by its name
 *
 * @throws AgentError `usage` for anything else.
 */
export function parseRule(text: string): Rule {
  const [word = "", ...rest] = text.split(":");
  const kind = KINDS.find((one) => one === word.trim());
  const pattern = rest.join(":").trim();
  if (kind === undefined || (rest.length > 0 && pattern === ""))
    throw new AgentError(`'${text}' is no rule of what agents may do.`, {
      code: "usage",
      remediation: `Write one of ${KINDS.join(", ")}, alone or with a pattern: write:src/**, run:npm test, fetch:*.example.com.`,
      exitCode: EXIT.usage,
    });
  return { kind, pattern: rest.length === 0 ? null : pattern };
}

/** Which kind of rule a request falls under. */
export function kindOf({ tool }: PermissionRequest): RuleKind {
  switch (tool) {
    case "read":
    case "search":
      return "read";
    case "edit":
    case "delete":
    case "move":
      return "write";
    case "execute":
      return "run";
    case "fetch":
      return "fetch";
    case "think":
    case "other":
      return "tool";
  }
}

/** Whether a rule allows what is asked. Files outside of the project are allowed by none. */
export function allows(rule: Rule, request: PermissionRequest, reach: Reach): boolean {
  if (rule.kind !== kindOf(request)) return false;
  switch (rule.kind) {
    case "read":
    case "write": {
      const paths = reach.within(request.paths);
      if (paths === null) return false;
      if (rule.pattern === null) return rule.kind === "read" || paths.length > 0;
      const fits = picomatch(rule.pattern, { dot: true });
      return paths.length > 0 && paths.every((path) => fits(path));
    }
    case "run":
      return (
        rule.pattern === null || (request.command !== null && fitsCommand(rule.pattern, request.command))
      );
    case "fetch": {
      if (rule.pattern === null) return true;
      const hosts = hostsOf(request);
      const fits = picomatch(rule.pattern);
      return hosts.length > 0 && hosts.every((host) => fits(host));
    }
    case "tool":
      return rule.pattern === null || rule.pattern === request.tool_name;
  }
}

/** Hosts of the addresses in what a request says it does. */
export function hostsOf({ title, command }: PermissionRequest): readonly string[] {
  const addresses = `${title} ${command ?? ""}`.match(/https?:\/\/[^\s"'<>)]+/g) ?? [];
  return addresses.flatMap((address) => (URL.canParse(address) ? [new URL(address).hostname] : []));
}

/** What begins another command, or one within the command: where it stands, a pattern says nothing of what would run. */
const JOINED = /[;&|`$<>(){}\n\r\\]/;

function fitsCommand(pattern: string, command: string): boolean {
  if (command === pattern) return true;
  if (JOINED.test(command)) return false;
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^\\n]*")}$`).test(command);
}
