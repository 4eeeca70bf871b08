// What differs between the platforms the client runs on.

interface Page {
  readonly visibilityState: string;
  addEventListener(type: "visibilitychange", listener: () => void, options: { readonly signal: AbortSignal }): void;
}

interface Platform {
  readonly process?: { readonly versions?: { readonly node?: string } };
  readonly navigator?: { readonly userAgent?: string };
  readonly document?: Page;
}

/** Whether a WebSocket takes headers: Node's does. Others would take them for the name of a subprotocol. */
export function sendsHeaders(platform: Platform = globalThis): boolean {
  const isWorker = platform.navigator?.userAgent === "Cloudflare-Workers";
  return platform.process?.versions?.node !== undefined && platform.document === undefined && !isWorker;
}

/** Calls `tell` with whether somebody can see the page, now and whenever that changes, until `signal`; always without a page. */
export function watchPage(
  tell: (isVisible: boolean) => void,
  signal: AbortSignal,
  platform: Platform = globalThis,
): void {
  const page = platform.document;
  if (page === undefined) return tell(true);
  const look = (): void => tell(page.visibilityState === "visible");
  page.addEventListener("visibilitychange", look, { signal });
  look();
}
