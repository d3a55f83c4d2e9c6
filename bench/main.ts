import { benchEvents } from "./events.js";
import { benchFlood } from "./flood.js";
import { benchInPage } from "./in-page.js";
import { benchMoving } from "./moving.js";
import { benchOverHttp } from "./over-http.js";
import { benchPool } from "./pool.js";
import { Report } from "./report.js";
import { benchSoak } from "./soak.js";
import { benchThroughput } from "./throughput.js";

const benches = {
  // First, since a game has its page to itself: what others call in the same process is compiled for them as well, and is slower.
  moving: benchMoving,
  "in-page": benchInPage,
  http: benchOverHttp,
  throughput: benchThroughput,
  events: benchEvents,
  flood: benchFlood,
  pool: benchPool,
  soak: benchSoak,
};

const chosen = process.argv.slice(2);
for (const name of chosen) {
  if (!Object.hasOwn(benches, name)) {
    throw new Error(`There is no bench '${name}'. There are: ${Object.keys(benches).join(", ")}.`);
  }
}

const report = new Report();
for (const [name, bench] of Object.entries(benches)) {
  if (chosen.length === 0 || chosen.includes(name)) await bench(report);
}
if (!report.close()) process.exitCode = 1;
