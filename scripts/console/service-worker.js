// The service worker of the console's page: it lets a phone install the page, and shows it when the server is away.

/** The page's own files. Calls to the server never pass through here. */
const FILES = ["./", "console.js", "console.css", "console.webmanifest", "icon.svg"];

const CACHE = "agentvm-console";

self.addEventListener("install", (event) => {
  const filled = caches.open(CACHE).then((cache) => cache.addAll(FILES));
  event.waitUntil(filled.then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

/** The server's files while it can be reached, so that they are never old; else the kept ones, so that the page can say what is wrong. */
async function newest(request) {
  try {
    const response = await fetch(request);
    if (response.ok) {
      const cache = await caches.open(CACHE);
      await cache.put(request, response.clone());
    }
    return response;
  } catch {
    return (await caches.match(request)) ?? Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const scope = new URL("./", self.location.href).href;
  const [address = ""] = request.url.split(/[?#]/);
  if (request.method !== "GET" || !address.startsWith(scope)) return;
  if (FILES.includes(address.slice(scope.length) || "./")) event.respondWith(newest(request));
});
