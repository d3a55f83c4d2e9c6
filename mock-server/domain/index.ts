export { TOTAL_BYTES, TOTAL_BYTES_MAX } from "./bounds.js";
export { KEPT_ANSWERS_MAX } from "./answers.js";
export * from "./clock.js";
export { capabilityMatch } from "./chooser.js";
export type { Commit } from "./commit.js";
export { createEngine, createEngineWith, type EngineParts } from "./create-engine.js";
export type { Engine, EngineOptions, EventLog, Outputs } from "./engine.js";
export { EngineError, type EngineErrorExtra } from "./errors.js";
export { bytesOf } from "./event-bytes.js";
export { deepFreeze } from "./frozen.js";
export { countValues, readJson, whyNotKept, type JsonBounds } from "./json-text.js";
export { createIds, ID_KINDS, type IdKind, type Ids, type IdsState } from "./ids.js";
export { createRandom, type SeededRandom } from "./random.js";
export { jsonCopy } from "./json-copy.js";
export { Listeners } from "./listeners.js";
export * from "./rate-limiter.js";
export { ownerOfGame } from "./owners.js";
export { readSnapshot } from "./read-snapshot.js";
export type { EngineSnapshot } from "./snapshot-schema.js";
export type {
  Counts,
  MoveOutcome,
  OutputLine,
  OutputSlice,
  OutputStream,
  Page,
  Scope,
  Session,
  TeamOutcome,
} from "./types.js";
export { excerptOf, splitAtByte, utf8Length } from "./utf8.js";
export { weightOfData } from "./weights.js";
export { emptyWorldWith } from "./world.js";
