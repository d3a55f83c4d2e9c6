import { beforeAll } from "vitest";
import { writeConsole } from "../../scripts/console/build-console.js";
import { describeConsole } from "./lib/describe-console.js";
import { openServed } from "./lib/served-console.js";

beforeAll(async () => {
  await writeConsole();
});

describeConsole("the served console", openServed);
