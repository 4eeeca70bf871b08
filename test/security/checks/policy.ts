// S28–S36: what the machine lets happen, asked for by whoever holds a token with every scope.

import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { treeOf } from "../../support/process-tree.ts";
import { bypasses } from "../corpus/bypasses.ts";
import { dangerousVariables } from "../corpus/variables.ts";
import type { Check } from "../check.ts";
import { judgeSignature } from "../hostile/judge-signature.ts";
import { findListeners } from "../hostile/listeners.ts";
import { lay } from "../hostile/siege.ts";
import type { Answer, Probe } from "../probe.ts";
import type { Inside } from "../target.ts";

const start = async (probe: Probe, body: unknown): Promise<Answer> =>
  await probe.ask("POST", "/v1/machines/-/processes", { body });
/** Set aside: a process's answer never comes without one. */
const nothing = "/nowhere/trap";

function insideOf({ target }: Probe): Inside {
  if (target.inside === null) throw new Error("the target is not known from inside");
  return target.inside;
}

/** Nothing but what the owner named has run; how many runs there were. */
function judge(probe: Probe): number {
  const { machine, product } = insideOf(probe);
  const owners = { ...machine.environment, XDG_CONFIG_HOME: path.join(product.data, "config") };
  const signatures = machine.signatures();
  for (const signature of signatures) {
    const wrong = judgeSignature(signature, machine.root, owners);
    probe.holds(`${JSON.stringify(signature.argv).slice(0, 200)} ${wrong}`, wrong === null);
  }
  probe.wrongs.push(...machine.findTraces(path.join(product.data, "runner"), product.ready.url));
  return signatures.length;
}

/** Waits until what was begun has ended, so that it is judged too. */
async function settle(probe: Probe): Promise<void> {
  await waitUntil("nothing but the steady one lives", async () => {
    const { text } = await probe.ask("GET", "/v1/machines/-");
    const { counts } = JSON.parse(text) as { counts: { live: number } };
    return counts.live <= 1;
  });
}

const notNamed: Check = {
  id: "S28",
  title: "what the owner did not name is refused by the machine, an unknown field before that",
  needs: "inside",
  async run(probe) {
    for (const body of [
      { command: `touch ${nothing}` },
      { argv: ["touch", nothing] },
      { use: "unknown" },
      { use: "constructor" },
    ]) {
      const { status, code } = await start(probe, body);
      probe.same(JSON.stringify(body), [status, code], [403, "denied_by_machine"]);
    }
    for (const more of [{ approved: true }, { policy: {} }, { shell: true }, { command: "true" }]) {
      const { status, code } = await start(probe, { use: "bare", ...more });
      probe.same(JSON.stringify(more), [status, code], [422, "invalid_request"]);
    }
    judge(probe);
  },
};

const corpus: Check = {
  id: "S29",
  title: "a corpus of over 200 bypasses in every field runs nothing the owner did not name",
  needs: "inside",
  async run(probe) {
    const words = bypasses(insideOf(probe).machine.trap);
    const forms: readonly ((word: string) => object)[] = [
      (word) => ({ use: word }),
      (word) => ({ command: word }),
      (word) => ({ argv: word.split(" ") }),
      (word) => ({ use: "bare", cwd: word }),
      (word) => ({ use: "bare", env: Object.fromEntries([[word, "x"]]) }),
      (word) => ({ use: "word", params: { text: word } }),
      (word) => ({ use: "count", params: { text: word } }),
      (word) => ({ use: "pick", params: { text: word } }),
      (word) => ({ use: "bare", name: word, ready: { command: word } }),
    ];
    await Promise.all(
      Array.from({ length: 4 }, async (_, lane) => {
        for (const [at, word] of words.entries()) {
          if (at % 4 !== lane) continue;
          const body = forms[at % forms.length]?.(word);
          const { status } = await start(probe, body);
          // A word may be what the owner foresaw; whether it was is judged by what ran.
          probe.holds(
            `${JSON.stringify(body).slice(0, 200)}: ${status}`,
            [201, 403, 404, 409, 413, 422].includes(status),
          );
        }
      }),
    );
    // In the parameters that take any text, which therefore run: they stay one word of one program.
    for (const [at, word] of words.entries()) {
      if (at % 12 !== 0) continue;
      await start(probe, {
        use: ["text", "line", "within", "file"][(at / 12) % 4],
        params: { text: word },
        env: { CI: word },
      });
      await settle(probe);
    }
    probe.holds("nothing signed", judge(probe) > 0);
  },
};

const variables: Check = {
  id: "S30",
  title: "over 60 variables that make programs run others are refused, and found by no child",
  needs: "inside",
  async run(probe) {
    for (const name of dangerousVariables) {
      const { status, code } = await start(probe, { use: "bare", env: { [name]: nothing } });
      probe.same(name, [status, code], [403, "denied_by_machine"]);
    }
    judge(probe);
  },
};

const folders: Check = {
  id: "S31",
  title: "a folder is the owner's to say, and a path leads out of none",
  needs: "inside",
  async run(probe) {
    const { machine } = insideOf(probe);
    const ways = [
      "..",
      "/",
      "leaves",
      "inside/leaves",
      `${machine.root}-evil`,
      "../web-evil",
      "a/../../..",
      "turns",
      "to-nothing",
      "leaves/passwd",
    ];
    for (const way of ways) {
      probe.same(`cwd ${way}`, (await start(probe, { use: "bare", cwd: way })).status, 422);
      probe.same(`path ${way}`, (await start(probe, { use: "file", params: { text: way } })).status, 422);
      probe.same(`cwd ${way} of any`, (await start(probe, { command: "true", cwd: way })).status, 403);
    }
    judge(probe);
  },
};

const hostile: Check = {
  id: "S32",
  title: "a hostile control plane gets nothing else to run, and the runner stays",
  needs: "inside",
  async run(probe) {
    const { wrongs, figures } = await lay({ mode: "named", seed: 32, attacks: 120, seconds: 60, traced: true });
    probe.asked += Number(figures["attacks"]);
    probe.wrongs.push(...wrongs);
  },
};

const listeners: Check = {
  id: "S33",
  title: "runner, shims and children listen on no port",
  needs: "inside",
  run(probe) {
    const runner = insideOf(probe).product.find(/runner\/dist\/cli\.js/);
    probe.asked += treeOf(runner.pid).length;
    probe.same("listening", findListeners(runner.pid), []);
    return Promise.resolve();
  },
};

const files: Check = {
  id: "S34",
  title: "tokens, folders and policy are their owner's alone",
  needs: "inside",
  run(probe) {
    const { product, machine } = insideOf(probe);
    const mode = (file: string): number => statSync(file).mode & 0o777;
    for (const file of ["runner/token", "runner/identity.json", "enroll-key"]) {
      probe.asked++;
      probe.same(file, mode(path.join(product.data, file)), 0o600);
    }
    for (const folder of ["", "runner", "runner/runs", "runner/spools", "runner/starts"]) {
      probe.asked++;
      probe.same(`folder ${folder}`, mode(path.join(product.data, folder)), 0o700);
    }
    probe.same("policy", mode(machine.policyFile) & 0o022, 0);
    probe.holds("the policy lies where commands run", !machine.policyFile.startsWith(machine.root + path.sep));
    return Promise.resolve();
  },
};

const children: Check = {
  id: "S36",
  title: "a child finds no token in its environment, and no descriptor but its three",
  needs: "inside",
  async run(probe) {
    const { product, machine } = insideOf(probe);
    const answer = await probe.ask("POST", "/v1/machines/-/processes?until=exit", { body: { use: "holds" } });
    const { wait } = JSON.parse(answer.text) as { wait: { output: string } };
    // Of `ls` itself comes the one that reads the folder.
    const held = [...wait.output.matchAll(/ (\d+) -> (\S+)/g)].filter(
      ([, , to]) => !/^\/proc\/\d+\/fd$/.test(to ?? ""),
    );
    probe.same(
      "descriptors",
      held.map(([, number]) => number),
      ["0", "1", "2"],
    );
    const secrets = [probe.target.token, readFileSync(path.join(product.data, "enroll-key"), "utf8")];
    const identity = JSON.parse(readFileSync(path.join(product.data, "runner/identity.json"), "utf8")) as {
      machine_token: string;
    };
    for (const { environment } of machine.signatures()) {
      for (const secret of [...secrets, identity.machine_token]) {
        probe.holds("a child found a secret of the runner's", !environment.join("\n").includes(secret));
      }
      probe.holds(
        "a child found a setting of the runner's",
        !environment.some((entry) => entry.startsWith("LONGWIRE_")),
      );
    }
    probe.holds("nobody signed", machine.signatures().length > 0);
  },
};

export const policyChecks: readonly Check[] = [
  notNamed,
  corpus,
  variables,
  folders,
  hostile,
  listeners,
  files,
  children,
];
