/** What keeps a text from being an endpoint; null when it is one. The text itself is never told: it may hold a password. */
export function endpointFault(text: string): string | null {
  if (!URL.canParse(text)) return "it is not a URL";
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return "it does not begin with http:// or https://";
  if (url.username !== "" || url.password !== "")
    return "it holds a user name or a password; a key goes into agentvm.api_key";
  if (url.search !== "" || url.hash !== "") return "it has a query or a fragment";
  return null;
}

/** Whether the endpoint is this machine, so that nothing that is sent to it leaves it. */
export function isLoopback(endpoint: string): boolean {
  const host = new URL(endpoint).hostname;
  return (
    host === "localhost" ||
    host.endsWith(".localhost") ||
    host === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(host)
  );
}
