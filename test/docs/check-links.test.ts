import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { brokenLinks } from "../../scripts/docs/check-links.js";
import { inTemporaryFolder } from "../../scripts/lib/workspace.js";

it("the link check finds what leads nowhere, and nothing else", async () => {
  await inTemporaryFolder((site) => {
    mkdirSync(join(site, "guides"));
    mkdirSync(join(site, "empty"));
    writeFileSync(
      join(site, "index.html"),
      [
        '<h1 id="top&amp;first">Here</h1>',
        '<a href="guides/one.html#second">a place on another page</a>',
        '<a href="#top%26first">a place on this one</a>',
        '<a href="guides/">a folder with a page</a>',
        '<a href="https://example.com/none">elsewhere</a> <a href="mailto:a@example.com">a person</a>',
        '<a href="guides/two.html">no page</a>',
        '<a href="guides/one.html#third">no place</a>',
        '<a href="#bottom">no place here</a>',
        '<a href="empty/">a folder without a page</a>',
        '<a href="../outside.html">beyond the site</a>',
        '<img src="guides/picture.png">',
      ].join("\n"),
    );
    writeFileSync(
      join(site, "guides/one.html"),
      '<h2 id="second">Second</h2> <a href="../index.html">back</a>',
    );
    writeFileSync(join(site, "guides/index.html"), '<a href="one.html?print">one</a>');
    expect(brokenLinks(site)).toEqual(
      [
        "guides/two.html",
        "guides/one.html#third",
        "#bottom",
        "empty/",
        "../outside.html",
        "guides/picture.png",
      ].map((link) => ({ page: "index.html", link })),
    );
  });
});
