import { describe, expect, it } from "vitest";
import { docsPage } from "../../scripts/docs-page.js";
import { asyncApiDocument } from "../../scripts/documents/asyncapi.js";
import {
  EVENT_TYPES,
  ROUTE_NAMES,
  type Route,
  closeCodes,
  errorCodes,
  routes,
} from "../../src/contract/index.js";
import { openApiDocument } from "../../scripts/documents/openapi.js";

const page = docsPage(openApiDocument(), asyncApiDocument());
const all = (pattern: RegExp): string[] => [...page.matchAll(pattern)].map((match) => match[1] ?? "");

describe("the page at /docs", () => {
  it("needs no script", () => {
    expect(page).not.toMatch(/<script|\son\w+=|javascript:/i);
  });

  it("loads nothing from anywhere", () => {
    expect(all(/<(?:link|img|iframe|source|object|embed)[^>]*(?:href|src)="([^"]*)"/g)).toEqual(["data:,"]);
    expect(page).not.toMatch(/@import|url\(|@font-face/i);
  });

  it("has links to its own parts and to the documents beside it alone, wherever a proxy has put it", () => {
    const outside = all(/href="([^"#][^"]*)"/g).filter((href) => href !== "data:,");
    expect(new Set(outside)).toEqual(new Set(["openapi.json", "asyncapi.json"]));
  });

  it("has no link within it that leads nowhere", () => {
    const ids = new Set(all(/\sid="([^"]*)"/g));
    expect(all(/href="#([^"]*)"/g).filter((id) => !ids.has(id))).toEqual([]);
  });

  it("uses no id twice", () => {
    const ids = all(/\sid="([^"]*)"/g);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it("can be walked by the keyboard: a skip link first, then every call in order of the page", () => {
    expect(all(/<a[^>]*href="([^"]*)"/g)[0]).toBe("#content");
    expect(page).not.toMatch(/tabindex="[1-9]/);
    expect(page).toContain(":focus-visible");
  });

  it("says its language, its title and its width, and follows light and dark", () => {
    expect(page).toMatch(/<html lang="en">/);
    expect(page).toMatch(/<title>AgentVM [^<]+<\/title>/);
    expect(page).toContain("width=device-width");
    expect(page).toContain("prefers-color-scheme: dark".replace(": ", ":"));
  });

  it.each([...ROUTE_NAMES])("shows the call %s with its path", (name) => {
    const route: Route = routes[name];
    const start = page.indexOf(`<article id="${name}">`);
    const article = page.slice(start, page.indexOf("</article>", start));
    expect(start).toBeGreaterThan(0);
    expect(article).toContain(`<code>${route.path}</code>`);
    expect(article).toContain(`<span class="method ${route.method}">${route.method}</span>`);
  });

  it.each([...EVENT_TYPES])("shows the event %s", (type) => {
    expect(page).toContain(`id="message-${type}"`);
  });

  it.each(Object.keys(errorCodes))("shows the error code %s", (code) => {
    expect(page).toContain(`<td><code>${code}</code></td>`);
  });

  it.each(Object.keys(closeCodes))("shows the close code %s", (code) => {
    expect(page).toContain(`<td><code>${code}</code></td>`);
  });

  it("writes whatever a document says as text, never as HTML", () => {
    const openapi = openApiDocument();
    const evil = "<img src=x onerror=alert(1)>";
    const hostile = docsPage(
      { ...openapi, info: { title: evil, version: evil, description: evil } },
      asyncApiDocument(),
    );
    expect(hostile).not.toContain("<img");
    expect(hostile).toContain("&lt;img");
  });
});
