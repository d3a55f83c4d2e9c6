import { resolve } from "node:path";
import type { Command } from "commander";
import { systemClock, systemStopwatch } from "../../../src/contract/clock.js";
import type { CommandContext } from "../context.js";
import type { ExitCode } from "../exit-codes.js";
import { EXIT } from "../exit-codes.js";
import { wholeNumber } from "../option-parsers.js";
import { RecordingFile } from "../record/recording-file.js";
import { startRecordingProxy } from "../record/recording-proxy.js";
import type { RunCommand } from "../run-command.js";
import { checkUrl } from "../target.js";
import { count } from "../text.js";
import { UsageError } from "../usage-error.js";

interface RecordOptions {
  readonly endpoint: string;
  readonly out: string;
  readonly port: number;
  readonly maxBytes: number;
  readonly json?: boolean;
}

/** `agentvm record`: a proxy before a server that writes down calls, answers and events, until it is stopped. */
export function addRecord(program: Command, run: RunCommand): void {
  const command = program
    .command("record")
    .description("Stand before a server and record its calls, answers and events into a file until ctrl-c.")
    .requiredOption("--endpoint <url>", "the server to record")
    .requiredOption("--out <file>", "the file to write; one that is there is written anew")
    .option(
      "--port <port>",
      "where to listen on this machine; 0 takes any that is free",
      wholeNumber(0, 65_535),
      8_010,
    )
    .option("--max-bytes <n>", "bytes of the file at the most", wholeNumber(1_024, 268_435_456), 67_108_864)
    .option("--json", "print what happens as JSON, one object a line")
    .action(() => run((context) => record(command.opts<RecordOptions>(), context)));
}

async function record(options: RecordOptions, { terminal, signal, cwd }: CommandContext): Promise<ExitCode> {
  checkUrl(options.endpoint);
  const path = resolve(cwd, options.out);
  const file = openFile(path, options);
  let proxy: Awaited<ReturnType<typeof startRecordingProxy>>;
  try {
    proxy = await startRecordingProxy(options.endpoint, options.port, file);
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
  if (options.json === true)
    terminal.json({ type: "recording", url: proxy.url, endpoint: options.endpoint, file: path });
  else {
    const { bold, cyan } = terminal.colors;
    terminal.line(`${bold("Recording")} ${options.endpoint} into ${path}`);
    terminal.line(`Call ${cyan(proxy.url)} in its place. Stop it with ctrl-c.`);
  }
  if (!signal.aborted) await new Promise((stop) => signal.addEventListener("abort", stop, { once: true }));
  await proxy.close();
  await file.close();
  if (options.json === true) terminal.json({ type: "stopped", lines: file.lines, full: file.isFull });
  else {
    terminal.line(
      `Recorded ${count(file.lines, "line")}${file.isFull ? "; it is full: raise --max-bytes" : ""}.`,
    );
  }
  return EXIT.ok;
}

function openFile(path: string, { endpoint, maxBytes }: RecordOptions): RecordingFile {
  try {
    return new RecordingFile(path, endpoint, maxBytes, systemClock().now(), systemStopwatch());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`The recording cannot be written: ${why}.`, "Name another file with --out.");
  }
}
