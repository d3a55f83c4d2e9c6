/** One number of a family: its labels, and for a summary's parts a suffix of the name. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly suffix?: "_sum" | "_count";
  readonly value: number;
}

/** All numbers of one name, as Prometheus's text format groups them. */
export interface Family {
  readonly name: string;
  readonly type: "counter" | "gauge" | "summary";
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Writes families in Prometheus's text format, version 0.0.4. */
export function toPrometheusText(families: readonly Family[]): string {
  let text = "";
  for (const { name, type, help, samples } of families) {
    text += `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
    for (const sample of samples) {
      text += `${name}${sample.suffix ?? ""}${labelsOf(sample)} ${numberOf(sample.value)}\n`;
    }
  }
  return text;
}

function labelsOf({ labels = {} }: Sample): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}

function numberOf(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}
