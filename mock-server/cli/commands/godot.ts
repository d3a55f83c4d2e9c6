import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import type { CommandContext } from "../context.js";
import type { ExitCode } from "../exit-codes.js";
import { EXIT } from "../exit-codes.js";
import { ADDON, packagedAddon } from "../godot/addon-files.js";
import { compareAddon, isCurrent } from "../godot/compare-addon.js";
import type { Comparison } from "../godot/compare-addon.js";
import { installAddon } from "../godot/install-addon.js";
import type { RunCommand } from "../run-command.js";
import { count, plain } from "../text.js";
import { UsageError } from "../usage-error.js";

interface InstallOptions {
  readonly check?: boolean;
  readonly json?: boolean;
}

/** `agentvm godot install`: the addon of this package in a Godot project. */
export function addGodot(program: Command, run: RunCommand): void {
  const godot = program.command("godot").description("Put the Godot addon into a project.");
  const install = godot
    .command("install")
    .description("Copy the addon into a Godot project, in the place of an older copy.")
    .argument("[path]", "the project's folder, where project.godot is; default: this folder")
    .option("--check", "copy nothing; the exit code tells whether the project's addon is this package's")
    .option("--json", "print the outcome as JSON");
  install.action((path: string | undefined) =>
    run(async (context) => {
      const options = install.opts<InstallOptions>();
      const project = projectAt(path, context);
      return options.check === true
        ? checkInstalled(project, options, context)
        : putInto(project, options, context);
    }),
  );
}

function projectAt(path: string | undefined, { cwd }: CommandContext): string {
  const project = resolve(cwd, path ?? ".");
  if (existsSync(join(project, "project.godot"))) return project;
  const why = existsSync(project) ? "it has no project.godot" : "there is no such folder";
  throw new UsageError(
    `${plain(project, 500)} is not a Godot project: ${why}.`,
    "Name the folder with the project's project.godot: agentvm godot install <path>.",
  );
}

function putInto(project: string, { json }: InstallOptions, { terminal }: CommandContext): ExitCode {
  const { version, replaced, files } = installAddon(packagedAddon(), project);
  const folder = join(project, ADDON);
  if (json === true) {
    terminal.json({ type: "installed", success: true, project, folder, version, replaced, files });
    return EXIT.ok;
  }
  const instead = replaced === null ? "" : `, in the place of ${plain(replaced)}`;
  terminal.line(
    `${terminal.colors.green("Installed")} AgentVM ${version} in ${plain(folder, 500)}${instead}.`,
  );
  terminal.line(
    "Enable it in the editor, under Project > Project Settings > Plugins, if it is not enabled yet.",
  );
  return EXIT.ok;
}

function checkInstalled(project: string, { json }: InstallOptions, { terminal }: CommandContext): ExitCode {
  const folder = join(project, ADDON);
  const comparison = compareAddon(packagedAddon(), folder);
  const current = isCurrent(comparison);
  if (json === true) {
    const { version, installed, missing, changed, stale } = comparison;
    terminal.json({ type: "checked", current, project, folder, version, installed, missing, changed, stale });
  } else {
    const { green, yellow } = terminal.colors;
    terminal.line(
      current ? green(`Current: AgentVM ${comparison.version}.`) : yellow(notCurrent(comparison)),
    );
    if (!current) terminal.line("Run agentvm godot install to have this package's.");
  }
  return current ? EXIT.ok : EXIT.failed;
}

function notCurrent({ version, installed, missing, changed, stale }: Comparison): string {
  if (installed === null) return `Not installed: this package has AgentVM ${version}.`;
  const parts = [
    [missing, "missing"],
    [changed, "changed"],
    [stale, "of another version"],
  ] as const;
  const told = parts
    .filter(([files]) => files.length > 0)
    .map(
      ([files, how]) =>
        `${count(files.length, "file")} ${how} (${plain(files[0] ?? "", 100)}${files.length > 1 ? ", …" : ""})`,
    );
  return `Not current: AgentVM ${plain(installed)}, this package has ${version}; ${told.join(", ")}.`;
}
