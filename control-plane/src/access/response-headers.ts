// What every answer says to a browser, whatever a route says besides: what is sent is data of the type it names, for
// this origin only, and kept nowhere.

/** Sets what is not set. An upgrade's answer is left as it is: its headers cannot be changed. */
export function guardResponse(response: Response, requestUrl: string): void {
  if (response.status === 101) return;
  const { headers } = response;
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
  if (!headers.has("Content-Security-Policy")) headers.set("Content-Security-Policy", nothingAllowed);
  if (requestUrl.startsWith("https:")) headers.set("Strict-Transport-Security", `max-age=${365 * 24 * 3600}`);
}

/** Should a browser show it after all, it loads nothing and stands in no frame. */
const nothingAllowed = "default-src 'none'; frame-ancestors 'none'";
