import { existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import type { Environment } from "../processes/environment.js";
import type { HomeNeeds, Sandbox } from "../processes/sandbox.js";
import { gitFolders } from "./git-folders.js";
import { isIn, mountArgs, realOf, seen } from "./mounts.js";
import type { Mount } from "./mounts.js";
import { pathFolders, programFolders } from "./program-folders.js";

/**
 * What of the machine is seen by everybody, as far as it is there. No folder that people keep something of theirs in, and not `/run`: in there
 * are the sockets by which one would get out.
 */
const SYSTEM = [
  "/usr",
  "/bin",
  "/sbin",
  "/lib",
  "/lib32",
  "/lib64",
  "/libx32",
  "/etc",
  "/opt",
  "/nix",
  "/gnu",
  "/sys",
  "/var/lib/ca-certificates",
  "/run/current-system",
];

/** Variables that name certificates. */
const CERTIFICATES = ["SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"];

/** Of what a sandbox is its own: processes, names, and what it may do. */
const OWN = [
  "--die-with-parent",
  "--new-session",
  "--unshare-user-try",
  "--unshare-pid",
  "--unshare-ipc",
  "--unshare-uts",
  "--unshare-cgroup-try",
  ...["--cap-drop", "ALL"],
];

/** What a sandbox shows beside the system. */
export interface BubblewrapOptions {
  /** The path of bubblewrap. */
  readonly bwrap: string;
  /** Whether what runs in it reaches the network, that of this machine included: there is all of it or none. */
  readonly network: boolean;
  /** The person's home, of which nothing is seen but what is named. */
  readonly home: string;
  /** The folder that a task works in; null for a look at a program. */
  readonly directory: string | null;
  /** A folder outside of `directory` that is writable too, and in which a home and a /tmp are made for each program. */
  readonly scratch: string;
  readonly needs: HomeNeeds | null;
  /** Where the folders are kept that agents have of their own in the place of the person's. */
  readonly kept: string;
  /** More paths that may be looked at, and some that may be written. */
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/** Runs programs in bubblewrap: with the system to look at, their task's folder to write, and a home that is empty but for what the agent needs. */
export function bubblewrap(options: BubblewrapOptions): Sandbox {
  // Before anything has run in there, which could lead elsewhere with what it writes.
  const git = options.directory === null ? [] : gitFolders(options.directory, options.home);
  return {
    wrap({ program, args, directory, environment }) {
      const mounts = mountsOf(options, git, program, environment);
      return {
        program: options.bwrap,
        args: [
          ...OWN,
          ...(options.network ? [] : ["--unshare-net"]),
          ...["--dir", "/run", "--proc", "/proc", "--dev", "/dev"],
          ...mountArgs(mounts),
          // What is mounted is as it says; between that nothing is to be written either.
          ...["--remount-ro", "/", "--chdir", directory, "--", program, ...args],
        ],
        environment: { ...environment, TMPDIR: "/tmp", GIT_OPTIONAL_LOCKS: "0" },
      };
    },
  };
}

function mountsOf(
  options: BubblewrapOptions,
  git: readonly string[],
  program: string,
  environment: Environment,
): readonly Mount[] {
  const { home, directory, scratch, needs, read, write } = options;
  // Each program gets new ones: what one has left there is no trap for the next.
  const own = mkdtempSync(join(scratch, ".sandbox-"));
  const made = (name: string): string => {
    mkdirSync(join(own, name), { mode: 0o700 });
    return join(own, name);
  };
  const [ownHome, ownTmp] = [made("home"), made("tmp")];
  const isOurs = (path: string): boolean => directory !== null && isIn(path, directory);
  // One in the task's own folder is whatever an agent has made of it, and leads to nothing.
  const named = isOurs(program) ? [] : programFolders(program, home);
  const programs = [...pathFolders(environment, home), ...named];
  const certificates = CERTIFICATES.flatMap((name) => environment[name] ?? []);
  // What is in a folder of the system is seen there; by another name it would be a link in the way of a mount.
  const isSeen = (path: string): boolean => SYSTEM.some((folder) => isIn(path, folder)) && !isIn(path, home);
  const toLookAt = (paths: readonly string[]): readonly Mount[] =>
    paths.flatMap((path) => seen(path)).filter(({ path }) => !isSeen(path));
  const toWrite = (paths: readonly string[]): readonly Mount[] => paths.flatMap((path) => seen(path, true));
  return [
    ...SYSTEM.filter((path) => existsSync(path)).map((path) => ({ path, from: path, writable: false })),
    ...toLookAt(["/etc/resolv.conf", ...certificates]),
    ...toLookAt(programs.filter((path) => !isOurs(path))),
    ...["/tmp", "/var/tmp"].map((path) => ({ path, from: ownTmp, writable: true })),
    ...namesOf(home).map((path) => ({ path, from: ownHome, writable: true })),
    ...toLookAt(read),
    ...keptMounts(options),
    ...toWrite([...write, ...(needs?.files ?? [])]),
    ...toLookAt(needs?.read ?? []),
    ...toWrite([...(directory === null ? [] : [directory]), scratch]),
    ...toLookAt(git),
  ];
}

/** A home as it is called, and by its real name; none where it is everything that there is. */
function namesOf(home: string): readonly string[] {
  return home === "/" ? [] : [...new Set([home, realOf(home)])];
}

/** The folders that are an agent's own, each in the place of the person's. */
function keptMounts({ home, kept, needs }: BubblewrapOptions): readonly Mount[] {
  if (needs === null) return [];
  const inKept = (path: string): string => join(kept, relative(home, path).replaceAll("..", "_"));
  for (const folder of needs.kept) mkdirSync(inKept(folder), { recursive: true, mode: 0o700 });
  for (const path of [...needs.files, ...needs.read]) {
    // Who has logged out is logged out in there, too; and a link would lead what is mounted on it elsewhere.
    const stale = !existsSync(path) || lstatSync(inKept(path), { throwIfNoEntry: false })?.isSymbolicLink();
    if (stale === true) rmSync(inKept(path), { recursive: true, force: true });
  }
  return needs.kept.map((path) => ({ path, from: inKept(path), writable: true }));
}
