import { expect, it } from "vitest";
import { commandOf, looksAt } from "../../../server/src/adapters/codex/looking.js";

it.each([
  ["cat player.ts", ["player.ts"]],
  ["cat 'two words.ts' \"and 'these'\"", ["two words.ts", "and 'these'"]],
  ["sed -n '1,200p' src/player.ts", ["src/player.ts"]],
  ["rg -n jump src 2>/dev/null | head -20", ["src"]],
  ["rg --files -g '*.ts'", ["."]],
  ["ls -la && pwd", ["."]],
  ["grep -rn 'jump = 1' src test; wc -l a.ts", ["src", "test", "a.ts"]],
  ["find . -name '*.ts' -type f -maxdepth 2", ["."]],
  ["git status --short && git diff /etc/passwd", ["/etc/passwd"]],
  ["cat -- -n", ["-n"]],
  ["cat ../secret /etc/hosts", ["../secret", "/etc/hosts"]],
])("takes %s for a look at files", (command, paths) => {
  expect(looksAt(command)).toEqual({ paths });
});

it.each([
  "touch a",
  "cat a > b",
  "cat a >> b",
  "cat a & touch b",
  "cat a\ntouch b",
  "cat $(touch b)",
  "cat `touch b`",
  'cat "$(touch b)"',
  "cat <(touch b)",
  "cat ~/.ssh/id_rsa",
  "cat *",
  "cat a 2> b",
  "cat a || touch b",
  "cat a | sh",
  "PATH=. cat a",
  "./cat a",
  "find . -delete",
  "find . -exec touch b ';'",
  "find . -fprint b",
  "sed -i s/a/b/ c",
  "sed -n 'w b' c",
  "sed -n 1p -i c",
  "rg --pre sh jump",
  "rg -e jump /etc",
  "rg --search-zip jump",
  "grep -f /etc/passwd a",
  "git diff --output=b",
  "git -c core.pager=sh log",
  "git push",
  "tail -f a",
  "cat a;",
  "constructor",
  "git toString",
  "",
])("does not take %j for a look at files", (command) => {
  expect(looksAt(command)).toBeNull();
});

it.each([
  ["/bin/bash -lc ls", "ls"],
  ["/bin/bash -lc 'cat player.ts; ls'", "cat player.ts; ls"],
  [`/bin/bash -lc "cat -- 'player.ts'"`, "cat -- 'player.ts'"],
  [`/bin/zsh -c 'echo "$HOME" '"'it'"`, `echo "$HOME" 'it'`],
  [`bash -lc "echo \\"a\\" \\$b \\n"`, `echo "a" $b \\n`],
  ["bash -lc 'cat a\ntouch b'", "cat a\ntouch b"],
  ["python3 -c 'print(1)'", "python3 -c 'print(1)'"],
  ["bash -lc cat a", "bash -lc cat a"],
])("reads what is given to a shell: %j", (wrapped, command) => {
  expect(commandOf(wrapped)).toBe(command);
});
