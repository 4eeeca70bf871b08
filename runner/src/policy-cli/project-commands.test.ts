import { parse } from "jsonc-parser";
import { expect, test } from "vitest";
import { readPolicyText } from "../admit/policy-source.ts";
import { addCommands, newPolicyText } from "./add-commands.ts";
import { choosePackageManager, readOffer, type Offer, type OfferedCommand } from "./project-commands.ts";

const commandsOf = (offer: Offer): object => (offer.ok ? Object.fromEntries(offer.commands) : { fault: offer.message });

test("[P46] npm scripts are run by the package manager whose lock file is nearest", () => {
  expect(choosePackageManager([["package.json"], ["yarn.lock", ".git"]])).toBe("yarn");
  expect(choosePackageManager([["pnpm-lock.yaml", "package.json"], ["package-lock.json"]])).toBe("pnpm");
  expect(choosePackageManager([["package.json"]])).toBe("npm");
  const scripts = {
    "test:unit": "vitest",
    build: "x",
    prebuild: "y",
    postinstall: "z",
    prettier: "p",
    __proto__x: "q",
  };
  const offer = readOffer("package.json", JSON.stringify({ name: "x", scripts }), "pnpm");
  expect(commandsOf(offer)).toEqual({
    "test-unit": { argv: ["pnpm", "run", "test:unit"] },
    build: { argv: ["pnpm", "run", "build"] },
    prettier: { argv: ["pnpm", "run", "prettier"] },
  });
  expect(offer).toMatchObject({
    notes: [
      expect.stringContaining("prebuild") as string,
      expect.stringContaining("postinstall") as string,
      expect.stringContaining("__proto__x") as string,
    ],
  });
});

test("[P46] a Procfile's lines are shell commands", () => {
  expect(commandsOf(readOffer("Procfile", "# all\nweb: node a.js $PORT\r\n\nworker:sleep 1 | cat\n", "npm"))).toEqual({
    web: { command: "node a.js $PORT" },
    worker: { command: "sleep 1 | cat" },
  });
  expect(readOffer("Procfile", "web: x\nnothing\n", "npm")).toMatchObject({
    message: expect.stringMatching(/^line 2/) as string,
  });
});

test("[P46] longwire.json has the policy file's shape, without the owner's roots", () => {
  const dev = { argv: ["npm", "run", "dev"], cwd: "web", ready: { port: 5173 }, tags: ["frontend"] };
  expect(commandsOf(readOffer("longwire.json", JSON.stringify({ commands: { dev } }), "npm"))).toEqual({ dev });
  for (const bad of [
    { ...dev, root: "web" },
    { ...dev, colour: 1 },
    { ...dev, command: "x" },
  ]) {
    expect(readOffer("longwire.json", JSON.stringify({ commands: { dev: bad } }), "npm").ok).toBe(false);
  }
});

const owners = `// mine
{
  "version": 1, // one
  "roots": { "web": "/other" },
  "commands": {
    "dev": { "cwd": "/x", "argv": ["old"] }, // keep
  },
}
`;

function add(text: string, offered: Record<string, OfferedCommand>, more: object = {}): ReturnType<typeof addCommands> {
  const read = readPolicyText(text);
  if (!read.ok) throw new Error(read.fault.message);
  const asked = { text, file: read.value, folder: "/home/me/web", knownRoot: undefined, replace: false };
  return addCommands({ ...asked, offered: new Map(Object.entries(offered)), ...more });
}

test("[P46] names that are there stay as they are, and so do the owner's comments", () => {
  const offered = { dev: { argv: ["new"] }, api: { command: "x", cwd: "api" } };
  const added = add(owners, offered);
  expect(added).toMatchObject({ root: "web-2", added: ["api"], replaced: [], kept: ["dev"] });
  for (const comment of ["// mine", "// one", "// keep"]) expect(added.text).toContain(comment);
  expect(readPolicyText(added.text)).toMatchObject({
    ok: true,
    value: {
      roots: { web: "/other", "web-2": "/home/me/web" },
      commands: { dev: { argv: ["old"] }, api: { cwd: "/home/me/web/api", command: "x" } },
    },
  });
  const replaced = add(owners, offered, { replace: true, knownRoot: "web" });
  expect(replaced).toMatchObject({ added: ["api"], replaced: ["dev"], kept: [] });
  expect((parse(replaced.text) as { commands: object }).commands).toMatchObject({
    dev: { root: "web", argv: ["new"] },
  });
});

test("[P46] no command of a project comes to run outside its folder", () => {
  for (const cwd of ["..", "a/../../b", "/etc"]) {
    expect(() => add(newPolicyText, { x: { command: "x", cwd } })).toThrow("outside the project");
  }
});
