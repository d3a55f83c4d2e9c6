import { check, describeProblems } from "../../src/contract/schema.js";
import { SNAPSHOT_VERSION } from "../../src/contract/version.js";
import type { Problem } from "../../src/contract/index.js";
import { EngineError } from "./errors.js";
import { brokenPart } from "./snapshot-links.js";
import { headSchema, snapshotSchema } from "./snapshot-schema.js";
import type { EngineSnapshot } from "./snapshot-schema.js";

/** Snapshots that were read already and belong to nobody but the engine. */
const known = new WeakSet<object>();

/** Reads a snapshot, or throws an EngineError that says what is wrong with it. */
export function readSnapshot(value: unknown): EngineSnapshot {
  if (wasRead(value)) return value;
  const copy = ownCopy(value);
  const head = check(headSchema, copy, "snapshot");
  if (!head.ok) {
    throw notASnapshot("it is not what snapshot() gave", head.problems);
  }
  if (head.value.version > SNAPSHOT_VERSION) {
    throw new EngineError(
      "invalid_request",
      `The snapshot has version ${head.value.version}, written by a newer oligarchy-agentvm; ` +
        `this one reads versions up to ${SNAPSHOT_VERSION}. Update the package, or start without the snapshot.`,
    );
  }
  const checked = check(snapshotSchema, copy, "snapshot");
  if (!checked.ok) throw notASnapshot("it is damaged", checked.problems);
  const broken = brokenPart(checked.value);
  if (broken !== null) throw notASnapshot("it is damaged", [broken]);
  known.add(checked.value);
  return checked.value;
}

function wasRead(value: unknown): value is EngineSnapshot {
  return typeof value === "object" && value !== null && known.has(value);
}

/** Levels of lists and objects in a snapshot at the most. */
const LEVELS_MAX = 100;

/** A copy of data alone: nothing of it is shared with the caller. It is no text in between, which might be larger than texts may be. */
function ownCopy(value: unknown): unknown {
  if (typeof value === "string") {
    throw notASnapshot("it is a text; parse it with JSON.parse and give the object", null);
  }
  return copyOf("snapshot", value, LEVELS_MAX);
}

/** What JSON would make something else of is refused; what it leaves out is left out. */
function copyOf(name: string, value: unknown, levels: number): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw notASnapshot(`its field '${name}' is ${value}, which JSON cannot say`, null);
  }
  if (typeof value === "bigint" || levels === 0) throw notASnapshot("it cannot be written as JSON", null);
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    return items.map((item, place) => copyOf(String(place), item, levels - 1) ?? null);
  }
  const fields: [string, unknown][] = Object.entries(value);
  return Object.fromEntries(
    fields.map(([field, part]) => {
      if (field === "__proto__") throw notASnapshot("it has a field of the name __proto__", null);
      return [field, copyOf(field, part, levels - 1)];
    }),
  );
}

/** Wrong places that are told; a damaged snapshot may have thousands. */
const DETAIL_MAX = 5;

/** The error for what cannot be restored: why, and the first places that are wrong. */
export function notASnapshot(why: string, detail: readonly Problem[] | null): EngineError {
  const first = detail?.slice(0, DETAIL_MAX) ?? null;
  const shown = first === null ? "" : ` (${describeProblems(first)})`;
  return new EngineError("invalid_request", `The snapshot cannot be restored: ${why}${shown}.`, {
    detail: first,
  });
}
