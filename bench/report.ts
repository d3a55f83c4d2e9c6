/** What is wanted of a figure: at most or at least so much. */
export type Wanted = { readonly atMost: number } | { readonly atLeast: number };

interface Figure {
  readonly what: string;
  readonly value: number;
  readonly wanted: Wanted;
  readonly met: boolean;
}

/** Prints tables as they come and keeps what was wanted of them for the end. */
export class Report {
  readonly #figures: Figure[] = [];

  /** Prints a heading. */
  section(title: string): void {
    console.log(`\n${title}\n${"-".repeat(title.length)}`);
  }

  /** Prints rows under their column names, numbers to the right. */
  table(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
    const cells = [columns, ...rows.map((row) => row.map((cell) => format(cell)))];
    const widths = columns.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
    for (const [line, row] of cells.entries()) {
      const text = row.map((cell, column) => {
        const width = widths[column] ?? 0;
        return typeof rows[0]?.[column] === "number" ? cell.padStart(width) : cell.padEnd(width);
      });
      console.log(`  ${text.join("  ")}`.trimEnd());
      if (line === 0) console.log(`  ${widths.map((width) => "-".repeat(width)).join("  ")}`);
    }
  }

  /** Prints a line of its own. */
  note(text: string): void {
    console.log(`  ${text}`);
  }

  /** Notes a figure and what is wanted of it. */
  want(what: string, value: number, wanted: Wanted): void {
    const met = "atMost" in wanted ? value <= wanted.atMost : value >= wanted.atLeast;
    this.#figures.push({ what, value, wanted, met });
  }

  /** Prints every figure beside what was wanted of it, and tells whether all were met. */
  close(): boolean {
    this.section("Wanted");
    this.table(
      ["figure", "value", "wanted", ""],
      this.#figures.map(({ what, value, wanted, met }) => [
        what,
        value,
        "atMost" in wanted ? `at most ${wanted.atMost}` : `at least ${wanted.atLeast}`,
        met ? "met" : "NOT MET",
      ]),
    );
    return this.#figures.every(({ met }) => met);
  }
}

function format(cell: string | number): string {
  if (typeof cell === "string") return cell;
  if (Number.isInteger(cell)) return String(cell);
  return Math.abs(cell) >= 100 ? cell.toFixed(0) : cell.toFixed(2);
}
