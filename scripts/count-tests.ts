/** Prints `passed failed` of a JSON report of vitest, and on standard error what did not pass. */
import { readFileSync } from "node:fs";
import { countTests } from "./lib/test-report.js";

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error("Usage: tsx scripts/count-tests.ts <report.json>");

const { passed, failed, complaints } = countTests(JSON.parse(readFileSync(path, "utf8")));
for (const complaint of complaints) console.error(complaint);
console.log(`${passed} ${failed}`);
