import { spawn } from "node:child_process";
import type { Writable } from "node:stream";
import { MARK } from "./family.js";

/**
 * Reads who runs and who has ended, a line each, until its input ends, which it does when whoever wrote there is no more, killed or not. Then it
 * kills the groups of those that still run, and who has left them but has their mark.
 */
const SCRIPT = `
trap '' INT TERM HUP
running=
while read -r sign leader mark; do
  case $sign in
    +) running="$running $leader/$mark" ;;
    -) rest=
       for one in $running; do [ "$one" = "$leader/$mark" ] || rest="$rest $one"; done
       running=$rest ;;
  esac
done
for one in $running; do
  kill -s KILL -- "-\${one%%/*}"
  for file in $(grep -lszxF -e "${MARK}=\${one#*/}" /proc/[0-9]*/environ); do
    pid=\${file#/proc/}
    kill -s KILL "\${pid%/environ}"
  done
done
`;

/** A small process beside this one, which ends what this one has started when this one was killed. */
export interface Guard {
  /** A program has been started, which leads a group and has a mark among its variables. */
  began(leader: number, mark: string): void;
  /** It has ended, and all that it has started. */
  ended(leader: number, mark: string): void;
  /** Nothing runs any more: it goes. */
  close(): void;
}

/** Starts one. Where there is no shell, nobody is guarded. */
export function startGuard(): Guard {
  const child = spawn("/bin/sh", ["-c", SCRIPT], {
    cwd: "/",
    env: { PATH: "/usr/bin:/bin" },
    // What interrupts this process at its terminal is none of its business.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.on("error", () => undefined);
  child.unref();
  const input: Writable = child.stdin;
  input.on("error", () => undefined);
  const say = (line: string): void => void input.write(`${line}\n`);
  return {
    began: (leader, mark) => say(`+ ${leader} ${mark}`),
    ended: (leader, mark) => say(`- ${leader} ${mark}`),
    close: () => input.end(),
  };
}
