import { expect, test } from "vitest";
import { findOpener } from "./find-opener.ts";

test("[B6] a browser is opened where somebody sits before the machine, and nowhere else", () => {
  expect(findOpener("darwin", {})).toEqual(["open"]);
  expect(findOpener("linux", { DISPLAY: ":0" })).toEqual(["xdg-open"]);
  expect(findOpener("linux", { WAYLAND_DISPLAY: "wayland-0" })).toEqual(["xdg-open"]);
  expect(findOpener("linux", { WSL_DISTRO_NAME: "Ubuntu" })).toEqual(["wslview"]);
  for (const [platform, environment] of [
    ["linux", {}],
    ["linux", { DISPLAY: "" }],
    ["linux", { DISPLAY: ":0", CI: "true" }],
    ["darwin", { SSH_CONNECTION: "10.0.0.1 1 10.0.0.2 22" }],
    ["freebsd", { DISPLAY: ":0" }],
  ] as const) {
    expect([platform, environment, findOpener(platform, environment)]).toEqual([platform, environment, null]);
  }
});
