/**
 * Where the event stream of an endpoint is: beside the endpoint, at the endpoint's own host and as safe as it. What a server tells
 * says no more than the path there, and only one below the endpoint's own: a server behind a proxy knows neither the host, the scheme
 * nor the path by which it is reached, and one that names another host would be shown the credentials.
 */
export function streamUrl(endpoint: string, told: string | null): string {
  const base = endpoint.replace(/^http/, "ws");
  try {
    const { host, pathname, search } = new URL(told ?? "");
    const own = new URL(base);
    const url = `${own.protocol}//${own.host}${pathname}${search}`;
    if (host === own.host && url.startsWith(`${base}/`)) return url;
  } catch {
    // It told none, or something that is no address.
  }
  return `${base}/ws`;
}
