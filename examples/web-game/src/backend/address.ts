/** An address that can be tried, or what is wrong with it and what to do. */
export type Address =
  { readonly ok: true; readonly endpoint: string } | { readonly ok: false; readonly problem: string };

/** Paths of a server that people copy from their browser. */
const KNOWN_PAGES = /\/(docs|ws|health|status|console|openapi\.json|asyncapi\.json)$/;

function wrong(problem: string): Address {
  return { ok: false, problem };
}

/**
 * Reads a server's address as a player types it. A slash at the end and the path of a known page are taken off; a path of
 * another kind stays, since a proxy may need it.
 *
 * @param page The page's own protocol: one that came over https may not call http, save on this machine.
 */
export function readAddress(typed: string, page: string): Address {
  const text = typed.trim();
  if (text === "")
    return wrong("There is no address yet. A server on this machine is at http://localhost:8000.");
  if (/\s/.test(text)) return wrong(`“${text}” has a space in it. Take it out.`);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\/?/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    const guess = `http://${text.replace(/^\/+/, "")}`;
    return wrong(`“${text}” does not say how to get there. Did you mean ${guess}?`);
  }
  if (scheme === "ws" || scheme === "wss") {
    const guess = text.replace(/^ws/i, "http").replace(/\/ws\/?$/, "");
    return wrong(`The address of the server itself is wanted, not of its event stream. Try ${guess}.`);
  }
  if (scheme !== "http" && scheme !== "https") {
    return wrong(`An address begins with http:// or https://, not with ${scheme}://.`);
  }
  return readUrl(text, page);
}

function readUrl(text: string, page: string): Address {
  if (!URL.canParse(text)) return wrong(`“${text}” is not an address. One is like http://localhost:8000.`);
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    return wrong("An address holds no name and password. The key has a field of its own.");
  }
  if (url.search !== "" || url.hash !== "") {
    return wrong(`Leave out what follows ${url.origin}${url.pathname}: an address has no ? and no #.`);
  }
  const isHere = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (page === "https:" && url.protocol === "http:" && !isHere) {
    return wrong("This page came over https, and may only call https:// addresses. Use https://.");
  }
  const path = url.pathname.replace(/\/+$/, "").replace(KNOWN_PAGES, "");
  return { ok: true, endpoint: url.origin + path };
}
