/** One thing to measure: `run` is called again and again; `before` and `after` stand around each round, unmeasured. */
export interface Candidate {
  readonly name: string;
  readonly run: () => Promise<unknown>;
  readonly before?: () => void | Promise<void>;
  readonly after?: () => void | Promise<void>;
}

export interface MeasureOptions {
  /** Rounds; in each, every candidate has a turn, so that a noisy moment of the machine meets all of them. */
  readonly rounds: number;
  /** Calls in a candidate's turn. */
  readonly calls: number;
}

export interface Measurement {
  readonly name: string;
  /** Microseconds a call, one figure for each round. */
  readonly rounds: readonly number[];
  /** Median of the rounds, in microseconds a call. */
  readonly median: number;
}

/** Measures all candidates in the same run, turn by turn, after one turn each to warm up. */
export async function measure(
  candidates: readonly Candidate[],
  options: MeasureOptions,
): Promise<Map<string, Measurement>> {
  const rounds = new Map<string, number[]>(candidates.map(({ name }) => [name, []]));
  for (let round = -1; round < options.rounds; round++) {
    for (const candidate of candidates) {
      const microseconds = await turn(candidate, options.calls);
      if (round >= 0) rounds.get(candidate.name)?.push(microseconds);
    }
  }
  return new Map([...rounds].map(([name, taken]) => [name, { name, rounds: taken, median: median(taken) }]));
}

async function turn(candidate: Candidate, calls: number): Promise<number> {
  await candidate.before?.();
  const start = process.hrtime.bigint();
  for (let call = 0; call < calls; call++) await candidate.run();
  const microseconds = Number(process.hrtime.bigint() - start) / 1_000 / calls;
  await candidate.after?.();
  return microseconds;
}

/** Median of the ratios that each round gives; steadier than the ratio of two medians. */
export function ratio(of: Measurement | undefined, to: Measurement | undefined): number {
  if (!of || !to) throw new Error("A ratio needs two measurements; is a candidate's name misspelt?");
  return median(of.rounds.map((taken, round) => taken / (to.rounds[round] ?? Number.NaN)));
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which the share `q` of all values lies. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) throw new Error("There is no quantile of nothing.");
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
