#!/usr/bin/env node
/**
 * A stand-in for aider, which is no package of npm's: it takes the options that aider 0.86 takes, prints what that prints in their mode, changes
 * files and keeps a history as that does, and has no model. What happens stands in the variable AIDER_SCENE.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";

const VALUED = [
  "--message-file",
  "--chat-history-file",
  "--input-history-file",
  "--encoding",
  "--map-tokens",
  "--model",
];
const SWITCHES = [
  "restore-chat-history",
  "pretty",
  "stream",
  "fancy-input",
  "auto-commits",
  "dirty-commits",
  "gitignore",
  "suggest-shell-commands",
  "detect-urls",
  "show-model-warnings",
  "auto-lint",
  "auto-test",
  "watch-files",
  "check-update",
  "show-release-notes",
  "analytics",
].flatMap((name) => [`--${name}`, `--no-${name}`]);

const options = new Map();
const words = process.argv
  .slice(2)
  .flatMap((word) => (/^--[\w-]+=/.test(word) ? word.split(/=(.*)/s, 2) : [word]));
for (let place = 0; place < words.length; place += 1) {
  const word = words[place];
  if (VALUED.includes(word)) options.set(word, words[(place += 1)]);
  else if ([...SWITCHES, "--yes-always", "--disable-playwright", "--version"].includes(word))
    options.set(word, true);
  else {
    console.error(`aider: error: unrecognized arguments: ${word}`);
    process.exit(2);
  }
}
if (options.has("--version")) {
  console.log("aider 0.86.2");
  process.exit(0);
}

const prompt = readFileSync(options.get("--message-file"), "utf8");
const chat = options.get("--chat-history-file");
const history = options.has("--restore-chat-history") && existsSync(chat) ? readFileSync(chat, "utf8") : "";

function answer(text, cost = " Cost: $0.0052 message, $0.01 session.") {
  console.log(`\n${text}\n\nTokens: 1.2k sent, 300 received.${cost}`);
  appendFileSync(chat, `\n#### ${prompt}\n\n${text}\n`);
}

function block(path, old, fresh) {
  return `${path}\n\`\`\`ts\n<<<<<<< SEARCH\n${old}\n=======\n${fresh}\n>>>>>>> REPLACE\n\`\`\``;
}

function edit(path, old, fresh) {
  const before = existsSync(path) ? readFileSync(path, "utf8") : old;
  writeFileSync(path, before.replace(old, fresh));
  console.log(`Applied edit to ${path}`);
}

const SCENES = {
  edits() {
    answer(`I look at the jump.\n\n${block("player.ts", "jump = 1", "jump = 2")}\n\nThe jump is higher now.`);
    edit("player.ts", "jump = 1", "jump = 2");
  },
  answers() {
    answer("It is 1.", "");
  },
  remembers() {
    answer(`${history.split("#### ").length - 1} before: ${history.includes("Fix the jump")}`);
  },
  echoes() {
    answer(prompt);
  },
  retries() {
    console.log("litellm.InternalServerError: AnthropicException - Overloaded");
    console.log("The API provider's servers are down or overloaded.");
    console.log("Retrying in 0.2 seconds...");
    SCENES.edits();
  },
  overloaded() {
    console.log("litellm.RateLimitError: OpenAIException - Rate limited");
    console.log("The API provider has rate limited you. Try again later or check your quotas.");
  },
  "bad-key"() {
    console.log("litellm.AuthenticationError: OpenAIException - Incorrect API key provided");
    console.log("The API provider is not able to authenticate you. Check your API key.");
  },
  "no-key"() {
    console.log("No LLM model was specified and no API keys were provided.");
    console.log("OpenRouter provides free and paid access to many LLMs.");
    console.log("\nPlease open this URL in your browser to connect Aider with OpenRouter:");
    console.log("\nWaiting up to 5 minutes for you to finish in the browser...");
    setInterval(() => undefined, 1_000);
  },
  "too-long"() {
    console.log("\n\nModel gpt-4o has hit a token limit!\nToken counts below are approximate.\n");
  },
  "no-model"() {
    console.log("litellm.NotFoundError: OpenAIException - The model `gpt-0` does not exist");
  },
  malformed() {
    answer("<<<<<<< SEARCH\nnonsense");
    console.log(
      "The LLM did not conform to the edit format.\nhttps://aider.chat/docs/troubleshooting/edit-errors.html",
    );
    console.log("Only 3 reflections allowed, stopping.");
  },
  outside() {
    answer(block("../other.txt", "", "mine"));
    edit("../other.txt", "", "mine");
    setInterval(() => undefined, 1_000);
  },
  hangs() {
    writeFileSync("begun", "");
    console.log("Applied edit to begun");
    setInterval(() => undefined, 1_000);
  },
  nothing() {},
  crashes() {
    console.error("Traceback (most recent call last):\nModuleNotFoundError: No module named 'litellm'");
    process.exitCode = 1;
  },
  "crashes-late"() {
    SCENES.edits();
    process.exitCode = 1;
  },
};

console.log(
  "Aider v0.86.2\nModel: scripted with diff edit format\nGit repo: .git with 1 files\nRepo-map: disabled\n",
);
SCENES[process.env.AIDER_SCENE]();
