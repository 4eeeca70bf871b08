import { expect, test } from "vitest";
import { buildEnvironment } from "./environment.ts";

const hints = { PAGER: "cat", GIT_PAGER: "cat", GIT_TERMINAL_PROMPT: "0", PYTHONUNBUFFERED: "1" };

test("[P4] a child gets the person's environment, less the runner's secrets, plus what the caller gives", () => {
  const own = {
    HOME: "/home/me",
    PATH: "/usr/bin",
    LONGWIRE_TOKEN: "lw_secret",
    NODE: "/my/node",
    EMPTY: "",
    GONE: undefined,
  };
  expect(buildEnvironment(own, { PORT: "1", HOME: "/elsewhere" }, false)).toEqual({
    ...hints,
    HOME: "/elsewhere",
    PATH: "/usr/bin",
    NODE: "/my/node",
    EMPTY: "",
    PORT: "1",
  });
});

test("[P4] hints yield to what is set, by the person or by the caller", () => {
  expect(buildEnvironment({ PAGER: "less" }, { PYTHONUNBUFFERED: "" }, false)).toEqual({
    ...hints,
    PAGER: "less",
    PYTHONUNBUFFERED: "",
  });
});

// As `npx -y pnpm@12 exec env` prints it.
const injected = {
  npm_execpath: "/home/me/.npm/_npx/1/node_modules/pnpm/pnpm",
  npm_lifecycle_event: "npx",
  npm_config_cache: "/home/me/.npm",
  pnpm_config_verify_deps_before_run: "false",
  INIT_CWD: "/repo",
  NODE: "/usr/bin/node",
  COLOR: "0",
  PNPM_PACKAGE_NAME: "x",
  PNPM_SCRIPT_SRC_DIR: "/repo",
};
const injectedPath = [
  "/repo/node_modules/.bin",
  "/home/me/.npm/_npx/1/node_modules/pnpm/dist/node-gyp-bin",
  "/home/me/.npm/_npx/1/node_modules/.bin",
  "/node_modules/.bin",
  "/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin",
];

test("[P4] what npm, npx and pnpm put in is taken out, so that the person's own programs are found", () => {
  const own = { ...injected, HOME: "/root", PATH: [...injectedPath, "/usr/bin", "/opt/x/node_modules/.bin"].join(":") };
  expect(buildEnvironment(own, {}, false)).toEqual({
    ...hints,
    HOME: "/root",
    PATH: "/usr/bin:/opt/x/node_modules/.bin",
  });
});

test("[P4] a PATH that nobody changed stays as it is", () => {
  const path = "/repo/node_modules/.bin:/usr/bin";
  expect(buildEnvironment({ PATH: path }, {}, false)).toMatchObject({ PATH: path });
  expect(buildEnvironment({ ...injected, PATH: "/a/node_modules/.bin" }, {}, false)).toMatchObject({
    PATH: "/a/node_modules/.bin",
  });
});

test("[P18] a child's terminal is called what it is, and has its own size, unless the caller says otherwise", () => {
  const own = { TERM: "screen", COLUMNS: "200", LINES: "50", TMUX: "/tmp/x", HOME: "/root" };
  expect(buildEnvironment(own, {}, true)).toEqual({ ...hints, TERM: "xterm-256color", HOME: "/root" });
  expect(buildEnvironment(own, { TERM: "dumb" }, true)).toMatchObject({ TERM: "dumb" });
  expect(buildEnvironment(own, {}, false)).toMatchObject(own);
});

test("[P42] what the owner has removed is no child's, unless the start gives it", () => {
  const own = { HOME: "/me", AWS_SECRET: "s", AWS_REGION: "r", NPM_TOKEN: "t" };
  expect(buildEnvironment(own, { AWS_REGION: "mine" }, false, ["AWS_*", "NPM_TOKEN"])).toEqual({
    ...hints,
    HOME: "/me",
    AWS_REGION: "mine",
  });
});
