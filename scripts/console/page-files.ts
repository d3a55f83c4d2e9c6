/** The page of the console; it holds nothing that its server's policy for pages would have to allow by itself. */
export const consolePage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="theme-color" content="#ffffff" media="(prefers-color-scheme:light)">
<meta name="theme-color" content="#1a1d23" media="(prefers-color-scheme:dark)">
<title>AgentVM console</title>
<link rel="icon" href="icon.svg" type="image/svg+xml">
<link rel="manifest" href="console.webmanifest">
<link rel="stylesheet" href="console.css">
<script src="console.js" defer></script>
</head>
<body>
<div id="console" class="console-root"><noscript>The console needs JavaScript.</noscript></div>
</body>
</html>
`;

/** What lets a phone install the console as an app. */
export const consoleManifest = {
  id: "./",
  name: "AgentVM console",
  short_name: "AgentVM",
  description: "Watch and manage the agents of an AgentVM backend.",
  start_url: "./",
  scope: "./",
  display: "standalone",
  background_color: "#111318",
  theme_color: "#4338ca",
  icons: [{ src: "icon.svg", type: "image/svg+xml", sizes: "any", purpose: "any maskable" }],
};

/** Two agents side by side. */
export const consoleIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">
<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop stop-color="#6366f1"/><stop offset="1" stop-color="#0ea5a4"/></linearGradient></defs>
<rect width="512" height="512" rx="96" fill="url(#g)"/>
<g fill="#fff"><circle cx="190" cy="200" r="52"/><path d="M96 372c0-56 42-98 94-98s94 42 94 98z"/></g>
<g fill="#fff" fill-opacity=".72"><circle cx="334" cy="214" r="44"/><path d="M300 372c2-38-8-66-26-88 16-10 36-16 60-16 46 0 82 40 82 104z"/></g>
</svg>
`;
