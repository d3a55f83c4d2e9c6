import fc from "fast-check";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { VirtualClock } from "../../stream/client/support/virtual-clock.js";
import { bench, hurry, linesOf, program, until } from "./support/programs.js";

describe("a program that runs", () => {
  it("gets its input, and tells its lines and how it ended", async () => {
    const { sh } = await bench();
    const started = sh("cat; echo oops >&2; exit 3", { input: { text: "one\ntwo" } });
    expect(await linesOf(started)).toEqual(["one", "two"]);
    expect(await started.exited).toEqual({ kind: "code", code: 3 });
    expect(started.errorText()).toBe("oops");
  });

  it("is spoken to while it runs", async () => {
    const { sh } = await bench();
    const started = sh('read line; echo "got $line"', { input: "open" });
    started.write("hello\n");
    expect(await linesOf(started)).toEqual(["got hello"]);
  });

  it.each([
    ["quotes", `it's "quoted" \`here\` $HOME`],
    ["newlines", "one\n\ntwo\r\nthree"],
    ["flags", "--dangerously --help -x"],
    ["ten thousand characters", "ü".repeat(10_000)],
  ])("gets a prompt with %s as it is", async (_, prompt) => {
    const { node } = await bench();
    const script =
      "process.stdin.setEncoding('utf8').on('data',(d)=>s+=d).on('end',()=>console.log(JSON.stringify(s)));var s=''";
    const [line = ""] = await linesOf(node(script, { input: { text: prompt } }));
    expect(JSON.parse(line)).toBe(prompt);
  });

  it("may close its input without harm", async () => {
    const { sh } = await bench();
    const started = sh("exec 0<&-; echo closed; sleep 0.1; echo done", { input: "open" });
    await until(started, "closed");
    for (let count = 0; count < 50; count += 1) started.write("x".repeat(10_000));
    expect(await started.exited).toEqual({ kind: "code", code: 0 });
  });

  it("tells no key, though it prints it byte by byte", async () => {
    const { node } = await bench();
    const script =
      "const k='a '+['pl4nted','key','of','the','test'].join('-')+' b\\n';let i=0;const f=()=>{if(i<k.length)process.stdout.write(k[i++],f)};f()";
    expect(await linesOf(node(script))).toEqual(["a [redacted] b"]);
  });

  it("is not started with a key among its arguments", async () => {
    const { start } = await bench();
    const started = start("/bin/echo", ["--key=pl4nted-key-of-the-test"]);
    expect(await started.exited).toMatchObject({
      kind: "unstartable",
      message: expect.stringContaining("variable"),
    });
  });
});

describe("a program that cannot be started", () => {
  it("says that it is not installed", async () => {
    const { start } = await bench();
    expect(await start("no-such-agent").exited).toMatchObject({
      kind: "unstartable",
      message: expect.stringContaining("no-such-agent is not installed"),
    });
  });

  it("says that it may not be run", async () => {
    const { start, directory } = await bench();
    const path = await program(join(directory, "agent"), "#!/bin/sh\n", 0o644);
    expect(await start(path).exited).toMatchObject({ message: expect.stringContaining("chmod +x") });
  });

  it("says that its interpreter is missing", async () => {
    const { start, directory } = await bench();
    const path = await program(join(directory, "agent"), "#!/no/such/interpreter\n");
    expect(await start(path).exited).toMatchObject({
      message: expect.stringContaining("/no/such/interpreter"),
    });
  });

  it("says that its folder is gone", async () => {
    const { start, directory } = await bench();
    const gone = join(directory, "gone");
    await mkdir(gone);
    await rm(gone, { recursive: true });
    expect(await start("/bin/true", [], { directory: gone }).exited).toMatchObject({
      message: expect.stringContaining("not there any more"),
    });
  });

  it("says that its arguments are too long, or hold a NUL", async () => {
    const { start } = await bench();
    expect(await start("/bin/true", ["x".repeat(3_000_000)]).exited).toMatchObject({
      message: expect.stringContaining("longer than the system takes"),
    });
    expect(await start("/bin/true", ["a\0b"]).exited).toMatchObject({
      message: expect.stringContaining("NUL"),
    });
  });
});

describe("a program that floods", () => {
  it("with 100 MB is cut, says so, and fills no memory", async () => {
    const clock = new VirtualClock();
    const { node } = await bench({ clock, bounds: { bytes: 1_000_000 } });
    const started = node(
      "const b='0123456789abcde\\n'.repeat(65536);let n=0;const f=()=>{if(n++<100)process.stdout.write(b,f)};f()",
    );
    const lines = await hurry(clock, linesOf(started));
    expect(lines.join("\n").length).toBeLessThan(1_100_000);
    expect(lines.at(-1)).toContain("the rest is left out");
    expect(await hurry(clock, started.exited)).toEqual({ kind: "code", code: 0 });
  });

  it("with one line of 50 MB tells it in pieces", async () => {
    const clock = new VirtualClock();
    const { node } = await bench({ clock });
    const started = node(
      "const b='x'.repeat(1e6);let n=0;const f=()=>{if(n++<50)process.stdout.write(b,f)};f()",
    );
    let length = 0;
    let longest = 0;
    const read = async (): Promise<void> => {
      for await (const line of started.lines) {
        length += line.length;
        longest = Math.max(longest, line.length);
      }
    };
    await hurry(clock, read());
    expect(length).toBe(50_000_000);
    expect(longest).toBeLessThanOrEqual(1_200_000);
  });

  it("waits as long as nobody reads", async () => {
    const { sh, directory } = await bench();
    const started = sh("yes | head -c 10000000; echo > finished");
    await until(started, "y");
    await expect(access(join(directory, "finished"))).rejects.toThrow("ENOENT");
  });

  it("on standard error keeps the last of it", async () => {
    const { sh } = await bench();
    const started = sh("yes | head -c 1000000 >&2; echo last >&2");
    await started.exited;
    await linesOf(started);
    expect(started.errorText().length).toBeLessThanOrEqual(65_536);
  });
});

describe("a program that is stopped", () => {
  it("may end orderly when it is interrupted", async () => {
    const { node } = await bench();
    const started = node(
      "process.on('SIGINT',()=>{console.log('bye');process.exit()});console.log('up');setInterval(()=>{},9e6)",
    );
    await until(started, "up");
    await started.stop();
    expect(await started.exited).toEqual({ kind: "stopped" });
  });

  it("ends though it ignores INT and TERM", async () => {
    const clock = new VirtualClock();
    const { sh, left } = await bench({ clock });
    const started = sh("trap '' INT TERM; echo up; while :; do sleep 1000; done");
    await until(started, "up");
    await hurry(clock, started.stop());
    expect(await left()).toEqual([]);
  });

  it.each([
    ["in a session of their own", "setsid sleep 1000 & "],
    ["left behind twice", "(setsid sh -c 'sleep 1000 & sleep 1000 &') "],
    ["without variables", "env -i setsid /bin/sleep 1000 & "],
    ["without variables and left behind", "(env -i setsid /bin/sh -c '/bin/sleep 1000 & exit') "],
  ])("takes those with it that it has started %s", async (_, script) => {
    const clock = new VirtualClock();
    const { sh, left } = await bench({ clock });
    const started = sh(`${script}\necho up; wait; sleep 1000`);
    await until(started, "up");
    await hurry(clock, started.stop());
    expect(await left()).toEqual([]);
  });

  it("and has ended by itself leaves nobody behind", async () => {
    const clock = new VirtualClock();
    const { sh, left } = await bench({ clock });
    const started = sh("setsid sleep 1000 & echo up");
    const lines = linesOf(started);
    expect(await hurry(clock, started.exited)).toEqual({ kind: "code", code: 0 });
    expect(await lines).toEqual(["up"]);
    expect(await left()).toEqual([]);
  });

  it("ends with a worker that is killed, and with it what has left its group", async () => {
    const { directory, left } = await bench();
    const worker = spawn(
      process.execPath,
      ["--import", "tsx", join(import.meta.dirname, "support/starts-and-stays.ts"), directory],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    onTestFinished(() => void worker.kill("SIGKILL"));
    await once(worker.stdout, "data");
    expect(await left()).not.toEqual([]);
    worker.kill("SIGKILL");
    await expect.poll(left).toEqual([]);
  });

  it("leaves alone whoever else is in its folder", async () => {
    const { sh, directory } = await bench();
    const other = spawn("/bin/sleep", ["1000"], { cwd: directory });
    onTestFinished(() => void other.kill("SIGKILL"));
    await once(other, "spawn");
    const started = sh("echo up; sleep 1000");
    await until(started, "up");
    await started.stop();
    expect(other.exitCode ?? other.signalCode).toBeNull();
  });

  it("by its signal says so", async () => {
    const { sh } = await bench();
    const stop = new AbortController();
    const started = sh("echo up; sleep 1000", { signal: stop.signal });
    await until(started, "up");
    stop.abort();
    expect(await started.exited).toEqual({ kind: "stopped" });
  });

  it("before it began is not started", async () => {
    const { sh } = await bench();
    const started = sh("echo up", { signal: AbortSignal.abort() });
    expect(started.pid).toBeUndefined();
    expect(await started.exited).toEqual({ kind: "stopped" });
  });

  it("leaves nobody, at whatever moment that is", async () => {
    const clock = new VirtualClock();
    const { sh, left } = await bench({ clock });
    const script = "for i in 1 2 3 4 5 6 7 8; do sleep 1000 & (setsid sleep 1000 &); echo $i; done; wait";
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 8 }),
        fc.integer({ min: 0, max: 6 }),
        async (line, turns) => {
          const started = sh(script);
          if (line > 0) await until(started, String(line));
          for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
          await hurry(clock, started.stop());
          expect(await left()).toEqual([]);
        },
      ),
      { numRuns: 15 },
    );
  }, 60_000);
});

describe("a program that says nothing", () => {
  it("for too long is taken to hang, and stopped", async () => {
    const clock = new VirtualClock();
    const { sh, left } = await bench({ clock });
    const started = sh("sleep 1000", { silentMs: 60_000 });
    expect(await hurry(clock, started.exited)).toEqual({ kind: "hung", silentMs: 60_000 });
    expect(await left()).toEqual([]);
  });

  it("while it waits for the player is not", async () => {
    const clock = new VirtualClock();
    const { sh } = await bench({ clock });
    const started = sh("read line; echo $line", { silentMs: 60_000, input: "open" });
    let answer: (text: string) => void = () => undefined;
    const answered = started.waitsFor(new Promise<string>((resolve) => (answer = resolve)));
    await clock.advance(600_000);
    answer("yes\n");
    started.write(await answered);
    expect(await linesOf(started)).toEqual(["yes"]);
  });
});
