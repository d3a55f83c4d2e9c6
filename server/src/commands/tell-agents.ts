import type { RunningAgents } from "../worker/start-agents.js";

/** What agents work on and who they are, for people: pairs of a word and what it is. */
export function toldOf({
  workspace,
  agents,
  types,
  slots,
  sandbox,
}: RunningAgents): readonly (readonly [string, string])[] {
  return [
    ["repository", `${workspace.root}, into ${workspace.base}`],
    [
      "agents",
      agents.map(({ name, version }) => (version === null ? name : `${name} ${version}`)).join(", "),
    ],
    ["types", types.join(", ")],
    ...(sandbox === null
      ? []
      : [["sandbox", `bubblewrap, ${sandbox.network ? "with" : "without"} the network`] as const]),
    ["tasks", slots === 1 ? "one at a time" : `${slots} at the same time`],
  ];
}

/** The same for programs. */
export function describedOf({
  workspace,
  agents,
  types,
  slots,
  sandbox,
}: RunningAgents): Readonly<Record<string, unknown>> {
  return {
    repository: workspace.root,
    base: workspace.base,
    agents: agents.map(({ name, version, program }) => ({ name, version, program })),
    types,
    slots,
    sandbox: sandbox === null ? null : { kind: "bubblewrap", network: sandbox.network },
  };
}
