import { AgentError, EXIT } from "../agent-error.js";

/** Characters of what git said that are passed on. */
const SAID_MAX = 600;

/** What a failure of git is to a person: the first line of the table whose words git has used. */
const KNOWN: readonly {
  readonly words: RegExp;
  readonly code: string;
  readonly message: (directory: string, said: string) => string;
  readonly remediation: (directory: string) => string;
}[] = [
  {
    words: /detected dubious ownership/,
    code: "dubious_ownership",
    message: (directory) => `git does not trust ${directory}: it belongs to another user.`,
    remediation: (directory) =>
      `If you trust it, run: git config --global --add safe.directory ${quoted(directory)}`,
  },
  {
    words: /not a git repository|invalid gitfile format/i,
    code: "no_repository",
    message: (directory) => `${directory} is no git repository.`,
    remediation: (directory) =>
      `Make one (git -C ${quoted(directory)} init), name another folder, or work in the folder itself with --in-place.`,
  },
  {
    words: /cannot change to '|Unable to read current working directory/,
    code: "repository_gone",
    message: (directory) => `${directory} is not there, or cannot be entered.`,
    remediation: () => "Was it deleted, moved or unmounted? Bring it back, or name another folder.",
  },
  {
    words: /No space left on device|Disk quota exceeded|disk full/i,
    code: "no_space",
    message: (directory) => `There is no space left on the disk, as git found out in ${directory}.`,
    remediation: () => "Free some, and give the task again. What was there is still there.",
  },
  {
    words:
      /\.lock': File exists|Another git process seems to be running|cannot lock ref|could not lock config/,
    code: "repository_locked",
    message: (directory, said) => `Another git holds a lock in ${directory}. It said: ${said}`,
    remediation: () =>
      "Wait until it is done and try again; where none runs, it was killed, and the .lock file that is named can be deleted.",
  },
  {
    words: /Read-only file system|Permission denied|insufficient permission/,
    code: "not_permitted",
    message: (directory, said) => `git may not write what it must, in ${directory}. It said: ${said}`,
    remediation: () => "Look at who owns the folder and its .git, and at whether the disk can be written to.",
  },
];

/** Why a call of git failed, as far as its words are known. */
export function failureOfGit(
  directory: string,
  args: readonly string[],
  { code, errors }: { readonly code: number; readonly errors: string },
): AgentError {
  const said = saidBy(errors);
  const known = KNOWN.find(({ words }) => words.test(errors));
  if (known !== undefined) {
    return new AgentError(known.message(directory, said), {
      code: known.code,
      remediation: known.remediation(directory),
      exitCode: EXIT.config,
    });
  }
  return new AgentError(
    `git ${args[0] ?? ""} failed in ${directory} with exit code ${code}${said === "" ? "." : `: ${said}`}`,
    {
      code: "git_failed",
      remediation: `Run git status in it; git fsck tells whether the repository is damaged.`,
    },
  );
}

/** What git wrote, on one line, without passwords in addresses. */
export function saidBy(errors: string): string {
  const line = errors
    .replace(/:\/\/[^/@\s]+@/g, "://…@")
    .replace(/\s+/g, " ")
    .trim();
  return line.length > SAID_MAX ? `${line.slice(0, SAID_MAX)} …` : line;
}

export function gitHangs(directory: string, args: readonly string[], limitMs: number): AgentError {
  return new AgentError(
    `git ${args[0] ?? ""} did not end within ${Math.round(limitMs / 1_000)} s in ${directory}, and was stopped.`,
    {
      code: "git_hangs",
      remediation:
        "Is it on a network drive that does not answer? Run git status there and see; then try again.",
    },
  );
}

export function gitMissing(cause: Error): AgentError {
  return new AgentError(`git cannot be started: ${cause.message}.`, {
    code: "git_missing",
    remediation: "Install git 2.38 or later (https://git-scm.com/downloads), so that it is in PATH.",
    exitCode: EXIT.config,
    cause,
  });
}

export function tooMuch(directory: string, args: readonly string[]): AgentError {
  return new AgentError(`git ${args[0] ?? ""} said more than can be read, in ${directory}.`, {
    code: "too_large",
    remediation: "Are there files in it that git should ignore, as of a build? Name them in .gitignore.",
  });
}

function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
