// How this machine opens a page in a browser, if anybody sits before it. Pure: platform and environment are given.

/** The program and its arguments before the address; null where there is no screen. */
export function findOpener(
  platform: string,
  environment: Readonly<Record<string, string | undefined>>,
): readonly [string, ...string[]] | null {
  // Whoever came over SSH sits before another screen.
  if (environment["SSH_CONNECTION"] !== undefined || environment["CI"] !== undefined) return null;
  if (platform === "darwin") return ["open"];
  const hasScreen = [environment["DISPLAY"], environment["WAYLAND_DISPLAY"]].some(
    (one) => one !== undefined && one !== "",
  );
  if (environment["WSL_DISTRO_NAME"] !== undefined) return ["wslview"];
  return platform === "linux" && hasScreen ? ["xdg-open"] : null;
}
