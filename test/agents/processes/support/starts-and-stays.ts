// A worker in a process of its own, for a test that kills it: it starts a program in the folder that it is told, and stays.
import { createProcesses } from "../../../../server/src/processes/create-processes.js";
import { createRedactor } from "../../../../server/src/processes/redact/redactor.js";

const [directory = ""] = process.argv.slice(2);
const processes = createProcesses({ task: "task-1", directories: [directory], redactor: createRedactor({}) });
const script = "sleep 1000 & setsid sleep 1000 & echo up; wait";
const started = processes.start("/bin/sh", ["-c", script], {
  directory,
  environment: { PATH: "/usr/bin:/bin" },
});
for await (const line of started.lines) process.stdout.write(`${line}\n`);
