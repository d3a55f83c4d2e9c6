/** Placeholder widened below in this change series. */
export interface EngineSnapshot {
  readonly version: number;
  readonly epoch: string;
  readonly seq: number;
  readonly saved_at: string;
}
