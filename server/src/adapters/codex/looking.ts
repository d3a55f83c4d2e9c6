/**
 * Tells of a command that it does no more than look at files, and at which ones. codex asks for each command alike, and people are asked for
 * those alone that do something. Whatever is not plainly known to be harmless is taken to do something.
 */
export interface Looking {
  /** Paths, from where the command runs on. */
  readonly paths: readonly string[];
}

/** What a command looks at; null where it may do anything else. */
export function looksAt(command: string): Looking | null {
  const parts = wordsOf(command);
  if (parts === null) return null;
  const paths: string[] = [];
  for (const [program = "", ...args] of parts) {
    const found = Object.hasOwn(PROGRAMS, program) ? PROGRAMS[program]?.(args) : undefined;
    if (found === undefined || found === null) return null;
    paths.push(...found);
  }
  return { paths };
}

/** What a program looks at with these arguments; null where it could do more. */
type Judge = (args: readonly string[]) => readonly string[] | null;

/** Options of a program: those that stand alone, and those that a value follows. */
interface Options {
  readonly alone: RegExp;
  readonly valued?: ReadonlySet<string>;
}

const NUMBER = /^-\d+$/;

const NONE = /(?!)/;

function valued(...names: readonly string[]): ReadonlySet<string> {
  return new Set(names);
}

const PROGRAMS: Readonly<Record<string, Judge>> = {
  cat: (args) => files(args, { alone: /^-[AbeEnstTuv]+$/ }),
  head: (args) => files(args, { alone: /^-(\d+|[nc]\d+|[qv])$/, valued: valued("-n", "-c") }),
  tail: (args) => files(args, { alone: /^-(\d+|[nc][+]?\d+|[qv])$/, valued: valued("-n", "-c") }),
  nl: (args) => files(args, { alone: /^-b[atn]$/ }),
  wc: (args) => files(args, { alone: /^-[clmwL]+$/ }),
  ls: (args) => here(files(args, { alone: /^-[1aAdFghlrRSt]+$/ })),
  pwd: (args) => (args.length === 0 ? [] : null),
  grep: (args) =>
    here(
      searched(args, {
        alone: /^-([abcEFGHhilLnoPqrsvwx]+|[ABC]\d+)$/,
        valued: valued("-A", "-B", "-C", "-m", "--include", "--exclude-dir"),
      }),
    ),
  rg: (args) =>
    args.includes("--files")
      ? here(
          files(
            args.filter((one) => one !== "--files"),
            RIPGREP,
          ),
        )
      : here(searched(args, RIPGREP)),
  sed: (args) => {
    const [quiet, lines, ...rest] = args;
    return quiet === "-n" && lines !== undefined && /^\d+(,(\d+|\$))?p$/.test(lines)
      ? files(rest, { alone: NONE })
      : null;
  },
  git: ([command = "", ...args]) => {
    const options = Object.hasOwn(GIT, command) ? GIT[command] : undefined;
    return options === undefined ? null : files(args, options);
  },
  find: (args) => {
    const first = args.findIndex((one) => one.startsWith("-"));
    const roots = first < 0 ? args : args.slice(0, first);
    const tests = files(first < 0 ? [] : args.slice(first), {
      alone: /^-(print|not|o|a|empty)$/,
      valued: valued("-name", "-iname", "-path", "-type", "-maxdepth", "-mindepth"),
    });
    return tests?.length === 0 ? here(roots) : null;
  },
};

/** What git tells of the project. Revisions count as paths, since git looks at a path outside of it by just the same words. */
const GIT: Readonly<Record<string, Options>> = {
  status: { alone: /^(-[sb]+|--short|--branch|--porcelain)$/ },
  diff: { alone: /^(--cached|--staged|--stat|--name-only|--name-status)$/ },
  log: { alone: /^(--oneline|--stat|--name-only|--name-status|-p|-n\d+)$/, valued: valued("-n") },
  show: { alone: /^(--stat|--name-only|--name-status|--oneline)$/ },
  "ls-files": { alone: NONE },
};

const RIPGREP: Options = {
  alone: /^-([cFHiIlnNoSsuvwx]+|[ABC]\d+|-hidden|-no-heading|-line-number|-sort-files)$/,
  valued: valued("-A", "-B", "-C", "-m", "-g", "--glob", "-t", "--type", "--sort"),
};

/** What stands there beside options, all of which must be known. */
function files(args: readonly string[], { alone, valued }: Options): readonly string[] | null {
  const found: string[] = [];
  let isOver = false;
  for (let place = 0; place < args.length; place += 1) {
    const one = args[place] ?? "";
    if (isOver || !one.startsWith("-") || one === "-") found.push(one);
    else if (one === "--") isOver = true;
    else if (valued?.has(one) === true) place += 1;
    else if (!alone.test(one) && !NUMBER.test(one)) return null;
  }
  return found.filter((one) => one !== "-");
}

/** The same behind the pattern that is looked for. */
function searched(args: readonly string[], options: Options): readonly string[] | null {
  return files(args, options)?.slice(1) ?? null;
}

/** Where no path is named it is the folder in which one is. */
function here(paths: readonly string[] | null): readonly string[] | null {
  return paths?.length === 0 ? ["."] : paths;
}

/** What joins two commands, what leads nowhere, or a word that stands for itself: in quotes in which nothing means anything. */
const TOKEN = /\s*(?:(&&|\|\||;|\|)|(2>\/dev\/null|2>&1)(?!\S)|((?:[\w./:=@%+,-]|'[^']*'|"[^"$`\\!]*")+))/y;

/** The words of each command that a line joins; null where it holds anything that a shell would do more with. */
function wordsOf(line: string): readonly (readonly string[])[] | null {
  const parts: string[][] = [[]];
  const text = line.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text);
    if (found === null || text.slice(found.index, TOKEN.lastIndex).includes("\n")) return null;
    const [, joint, , word] = found;
    if (joint !== undefined) parts.push([]);
    else if (word !== undefined) parts.at(-1)?.push(unquoted(word));
  }
  return parts.every((part) => part.length > 0) ? parts : null;
}

function unquoted(word: string): string {
  return word.replaceAll(
    /'([^']*)'|"([^"]*)"/g,
    (_, single?: string, double?: string) => single ?? double ?? "",
  );
}

/** A word as a shell would be given it: pieces in quotes or without, one behind the other. */
const WORD = /^(?:[\w./:=@%+,-]|'[^']*'|"(?:[^"\\$`]|\\.)*"|\\[^\n])+$/;

/** The command that codex gives to a shell, as the model has written it; as it is where it is in no shell. */
export function commandOf(wrapped: string): string {
  const word = /^(?:\S*\/)?(?:bash|zsh|sh) -l?c ([^]*)$/.exec(wrapped)?.[1];
  if (word === undefined || !WORD.test(word)) return wrapped;
  return word.replaceAll(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/g,
    (_, single?: string, double?: string, bare?: string) =>
      single ?? double?.replaceAll(/\\(["\\$`])/g, "$1") ?? bare ?? "",
  );
}
