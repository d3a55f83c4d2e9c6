import { EXIT } from "../agent-error.js";
import { examine } from "../doctor/examine.js";
import type { Finding } from "../doctor/examine.js";
import { readSettings } from "../settings/settings.js";
import type { AddCommand, CommandContext, Terminal } from "./context.js";
import { sandboxOf } from "./workspace-options.js";

interface DoctorOptions {
  readonly workspace: string;
  readonly settings?: string;
  readonly json?: boolean;
}

/** `agentvm doctor`: looks which agents are here and what they lack. It ends with 0 where real agents can work. */
export const addDoctor: AddCommand = (program, run) => {
  const command = program
    .command("doctor")
    .description("Look which command-line agents are here, and what they lack.")
    .option("--workspace <folder>", "the repository in which they are to work", ".")
    .option("--settings <file>", "how agents are run, in YAML or JSON")
    .option("--json", "print what was found as one JSON object")
    .action(() => run((context) => doctor(command.opts<DoctorOptions>(), context)));
};

async function doctor(options: DoctorOptions, { terminal, env, cwd }: CommandContext): Promise<number> {
  const settings = options.settings === undefined ? {} : readSettings(options.settings, cwd);
  const { well, findings } = await examine({
    folder: options.workspace,
    agents: settings.agents ?? {},
    sandbox: sandboxOf(undefined, settings),
    env,
    cwd,
  });
  if (options.json === true) terminal.json({ type: "doctor", well, findings });
  else {
    for (const finding of findings) tell(finding, terminal);
    terminal.line();
    terminal.line(
      well ? "Real agents can work here: agentvm serve --workspace ." : "Real agents cannot work here yet.",
    );
  }
  return well ? 0 : EXIT.failed;
}

function tell({ about, state, found, remedy }: Finding, { colors, line }: Terminal): void {
  const mark = { well: colors.green("ok"), warning: colors.yellow("!!"), missing: colors.red("--") }[state];
  line(`${mark} ${about.padEnd(11)} ${found}`);
  if (remedy !== null) line(`   ${"".padEnd(11)} ${colors.dim(remedy)}`);
}
