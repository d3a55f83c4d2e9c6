import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { VirtualClock } from "../../stream/client/support/virtual-clock.js";
import { hurry, program, runningIn, until } from "../processes/support/programs.js";
import { cell, house, KEY, textOf } from "./support.js";

describe("a program in the sandbox", () => {
  it("writes into its worktree, its scratch folder and a /tmp of its own, and nowhere else", async () => {
    const at = house();
    const { said } = cell(at);
    const places = {
      worktree: join(at.worktree, "made"),
      scratch: join(at.scratch, "made"),
      tmp: "/tmp/agentvm-sandbox-made",
      home: join(at.home, "made"),
      repository: join(at.repository, "made"),
      system: "/usr/local/made",
      root: "/made",
      etc: "/etc/made",
    };
    const tries = Object.entries(places).map(([name, path]) => `echo 1 > '${path}' && echo ${name}`);
    const { out } = await said(tries.join("; "));
    // The home is one of its own, with the repository's folder in it, and goes with it.
    expect(out.split("\n")).toEqual(["worktree", "scratch", "tmp", "home", "repository"]);
    const written = Object.entries(places).filter(([, path]) => existsSync(path));
    expect(written.map(([name]) => name)).toEqual(["worktree", "scratch"]);
  });

  it("sees nothing of the person's home but the worktree and what git needs", async () => {
    const at = house();
    const { said } = cell(at);
    const { out } = await said(
      `cat "$HOME/.ssh/id"; cat "$HOME/my game/player.ts"; cd "$HOME"; find . -maxdepth 2`,
    );
    expect(out.split("\n").sort()).toEqual([
      ".",
      "./.local",
      "./.local/state",
      "./my game",
      "./my game/.git",
    ]);
  });

  it("looks at git as ever, and can move no branch, write no hook and lead git nowhere else", async () => {
    const at = house();
    const { said } = cell(at);
    const index = at.git("rev-parse", "--git-path", "worktrees/worktree/index");
    const before = readFileSync(join(at.repository, index));
    const looked = await said(
      "echo 'jump = 2;' > player.ts; git status --short; git diff --stat; git log --format=%s",
    );
    expect(looked).toMatchObject({ error: "", code: 0 });
    expect(looked.out).toContain(" M player.ts");
    expect(looked.out).toContain("Begin");
    expect(readFileSync(join(at.repository, index))).toEqual(before);

    const tries = [
      "git branch -f main HEAD",
      "git branch new",
      "git update-ref refs/heads/main HEAD",
      "git add -A",
      "git config user.name Eve",
      'echo x > "$(git rev-parse --git-common-dir)/hooks/post-merge"',
      "echo 'gitdir: /' > .git",
      "rm .git",
      "mv .git git",
    ];
    const { out } = await said(tries.map((line) => `${line} && echo '${line}'`).join("\n"));
    expect(out).toBe("");
    expect(at.git("branch", "--format=%(refname:short)").split("\n")).toEqual(["agentvm/task", "main"]);
  });

  it("reaches the network where it may, and no address at all where it may not", async () => {
    const server = createServer((_, response) => response.end("hello")).listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const at = house();
    const script = `node -e "fetch('http://127.0.0.1:${port}').then((r) => r.text()).then(console.log, () => console.log('none'))"`;
    expect((await cell(at).said(script)).out).toBe("hello");
    expect((await cell(at, { network: false }).said(script)).out).toBe("none");
  });

  it("sees no process but its own, and may do no more than its user", async () => {
    const { said } = cell(house());
    const { out } = await said("echo /proc/[0-9]*/cmdline | wc -w; grep CapEff /proc/self/status");
    const [processes, rights] = out.split("\n");
    expect(Number(processes)).toBeLessThan(6);
    expect(rights).toMatch(/^CapEff:\s*0+$/);
  });

  it("gets the variables that it may have, tells no key, and shows none among its arguments", async () => {
    const at = house();
    const { sh } = cell(at);
    const started = sh("echo $PLANTED_KEY; echo ${PERSONS:-none}; echo $TMPDIR; echo up; read line", {
      input: "open",
    });
    const lines: string[] = [];
    for await (const line of started.lines) {
      lines.push(line);
      if (line !== "up") continue;
      const shown = (await runningIn(at.home)).map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8"));
      expect(shown.length).toBeGreaterThan(1);
      expect(shown.join("")).not.toContain(KEY);
      started.endInput();
    }
    expect(lines).toEqual(["[redacted]", "none", "/tmp", "up"]);
  });

  it("runs what is installed in the home, and sees nothing beside it", async () => {
    const at = house();
    const node = join(at.home, ".nvm", "node");
    const packages = join(node, "lib", "node_modules", "tool");
    for (const folder of [join(node, "bin"), packages]) mkdirSync(folder, { recursive: true });
    writeFileSync(join(node, "secret"), "x");
    writeFileSync(join(packages, "said.js"), "module.exports = 'it runs';");
    await program(join(packages, "cli.js"), "#!/usr/bin/env node\nconsole.log(require('./said.js'));\n");
    symlinkSync("../lib/node_modules/tool/cli.js", join(node, "bin", "tool"));
    const env = { ...at.env, PATH: `${at.env["PATH"]}:${join(node, "bin")}` };
    const { out } = await cell({ ...at, env }).said("tool; ls ~/.nvm/node");
    expect(out.split("\n")).toEqual(["it runs", "bin", "lib"]);
  });

  it("sees what the settings name, to read or to write", async () => {
    const at = house();
    for (const name of ["read", "write"]) mkdirSync(join(at.home, name));
    const { said } = cell(at, { read: [join(at.home, "read")], write: [join(at.home, "write")] });
    const { out } = await said("for name in read write; do echo 1 > ~/$name/made && echo $name; done");
    expect(out).toBe("write");
    expect(textOf(at.home, "write", "made")).toBe("1\n");
  });

  it("keeps folders of its own in the place of the person's, and renews the person's login", async () => {
    const at = house();
    const agent = join(at.home, ".agent");
    mkdirSync(agent);
    for (const name of ["login", "settings", "talk"]) writeFileSync(join(agent, name), "the person's");
    const needs = { kept: [agent], files: [join(agent, "login")], read: [join(agent, "settings")] };
    const first = await cell(at, { needs }).said(
      "cd ~/.agent; cat talk; cat settings login; for name in login settings talk hooks; do echo new > $name && echo $name; done",
    );
    expect(first.out.split("\n")).toEqual(["the person'sthe person'slogin", "talk", "hooks"]);
    expect(["login", "settings", "talk"].map((name) => textOf(agent, name))).toEqual([
      "new\n",
      "the person's",
      "the person's",
    ]);
    expect(readdirSync(agent)).not.toContain("hooks");
    const second = await cell(at, { needs }).said("cd ~/.agent; cat talk login");
    expect(second.out).toBe("new\nnew");
  });

  it("finds no way out by a link that the one before it has left", async () => {
    const at = house();
    const agent = join(at.home, ".agent");
    const login = join(agent, "login");
    const needs = { kept: [agent], files: [login], read: [] };
    await cell(at, { needs }).said("ln -s ../../../victim ~/.agent/login");
    mkdirSync(agent);
    writeFileSync(login, "the person's");
    expect((await cell(at, { needs }).said("cat ~/.agent/login")).out).toBe("the person's");
  });

  it("is led to nothing by a .git that an agent has made", async () => {
    const at = house();
    const directory = join(at.scratch, "in place");
    mkdirSync(directory);
    writeFileSync(join(directory, ".git"), `gitdir: ${join(at.home, ".ssh")}\n`);
    const { out } = await cell(at, { directory }).said("cat ~/.ssh/id || echo hidden");
    expect(out).toBe("hidden");
  });
});

describe("a program in the sandbox that ends", () => {
  it("takes with it what it has left behind", async () => {
    const at = house();
    const { said } = cell(at);
    expect(await said("(setsid sleep 1000 & env -i setsid /bin/sleep 1000 &); echo up")).toMatchObject({
      out: "up",
      code: 0,
    });
    expect(await runningIn(at.home)).toEqual([]);
  });

  it("tells its exit code", async () => {
    const { said } = cell(house());
    expect(await said("echo oops >&2; exit 7")).toEqual({ out: "", error: "oops", code: 7 });
  });

  it.each([
    ["INT", 0, "trap 'echo bye; exit' INT"],
    ["TERM", 2_001, "trap '' INT; trap 'echo bye; exit' TERM"],
  ])("may end orderly when it is asked with %s", async (_, ms, trap) => {
    const clock = new VirtualClock();
    const at = house();
    const started = cell(at, { clock }).sh(`${trap}; echo up; while :; do sleep 0.01; done`);
    await until(started, "up");
    const stopped = started.stop();
    await clock.advance(ms);
    await until(started, "bye");
    await hurry(clock, stopped);
    expect(await runningIn(at.home)).toEqual([]);
  });

  it("ends though it ignores INT and TERM, with all that it has started", async () => {
    const clock = new VirtualClock();
    const at = house();
    const started = cell(at, { clock }).sh(
      "trap '' INT TERM; setsid sleep 1000 & (env -i setsid /bin/sleep 1000 &); echo up; while :; do sleep 1000; done",
    );
    await until(started, "up");
    await hurry(clock, started.stop());
    expect(await started.exited).toEqual({ kind: "stopped" });
    expect(await runningIn(at.home)).toEqual([]);
  });
});
