/** Text that is HTML already and goes into other HTML as it is. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = string | number | Html | readonly Html[];

/** Joins text and HTML; whatever is not HTML already is escaped. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((literal, index) => literal + render(parts[index] ?? "")).join(""));
}

/** Nothing. */
export const none = new Html("");

/** Text with `code` between back-quotes, and with paragraphs at empty lines. */
export function prose(text: string): Html {
  const paragraphs = text.split(/\n{2,}/).map((paragraph) => new Html(`<p>${inlineText(paragraph)}</p>`));
  return html`${paragraphs}`;
}

/** The same without paragraphs. */
export function inline(text: string): Html {
  return new Html(inlineText(text));
}

function inlineText(text: string): string {
  return escape(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

function render(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map((item) => item.text).join("");
  return escape(String(part));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
