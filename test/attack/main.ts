/** Attacks a server on this machine with every kind at once, as a process of its own, until it is told to end or a minute has passed. */
import { setMaxListeners } from "node:events";
import { attackerAt, attacks } from "./attacks.js";
import type { Attack } from "./attacks.js";

const LONGEST_MS = 120_000;

const [url = "", ...names] = process.argv.slice(2);
if (!/^http:\/\/127\.0\.0\.1:\d+$/.test(url)) throw new Error(`Only this machine is attacked, not '${url}'.`);
const until = AbortSignal.timeout(LONGEST_MS);
// Each stream of an attack listens to it, and there are hundreds.
setMaxListeners(0, until);
process.on("SIGTERM", () => process.exit(0));
const target = await attackerAt(url, "development-key");
const chosen: [string, Attack][] = Object.entries(attacks).filter(
  ([name]) => names.length === 0 || names.includes(name),
);
console.log("attacking");
await Promise.all(chosen.map(([, attack]) => attack(target, until)));
