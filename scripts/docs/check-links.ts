import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** A link that leads nowhere. */
export interface BrokenLink {
  /** The page that has it, from the site's root. */
  readonly page: string;
  readonly link: string;
}

const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i;

/** Finds links of a static site that lead to no file of it, or to no place on that page. Links to elsewhere are not followed. */
export function brokenLinks(site: string): readonly BrokenLink[] {
  const pages = readdirSync(site, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".html"),
  );
  const idsOf = remembered((file) => {
    const text = readFileSync(file, "utf8");
    return new Set([...text.matchAll(/\s(?:id|name)="([^"]+)"/g)].map(([, id = ""]) => unescaped(id)));
  });
  return pages.flatMap((page) => {
    const text = readFileSync(join(site, page), "utf8");
    const links = [...text.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, link = ""]) => unescaped(link));
    return [...new Set(links)]
      .filter((link) => !ELSEWHERE.test(link) && !leads(site, page, link, idsOf))
      .map((link) => ({ page, link }));
  });
}

function leads(
  site: string,
  page: string,
  link: string,
  idsOf: (file: string) => ReadonlySet<string>,
): boolean {
  const [path = "", anchor] = link.split("#");
  const file =
    path === ""
      ? join(site, page)
      : resolve(site, dirname(page), decodeURIComponent(path.split("?")[0] ?? ""));
  if (relative(site, file).startsWith("..") || !existsSync(file)) return false;
  if (statSync(file).isDirectory()) return existsSync(join(file, "index.html"));
  return (
    anchor === undefined ||
    anchor === "" ||
    !file.endsWith(".html") ||
    idsOf(file).has(decodeURIComponent(anchor))
  );
}

function unescaped(text: string): string {
  return text
    .replaceAll("&amp;", "&")
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">");
}

function remembered<T>(read: (file: string) => T): (file: string) => T {
  const known = new Map<string, T>();
  return (file) => {
    const before = known.get(file);
    if (before !== undefined) return before;
    const value = read(file);
    known.set(file, value);
    return value;
  };
}
