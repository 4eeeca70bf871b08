// What the parts of a policy file say of each other: a command's root is there, its parameters can be used as they are
// declared, what it needs can be waited for and needs no circle.

import { checkPattern } from "../redact/check-pattern.ts";
import { leastListedBytes } from "../redact/secret-values.ts";
import { checkDefault } from "./param-value.ts";
import type { NamedCommand, PolicyFile } from "./policy-schema.ts";
import type { Finding } from "./policy-text.ts";

/** The first thing that is wrong; null where nothing is. */
export function checkPolicy(file: PolicyFile): Finding | null {
  for (const [name, command] of Object.entries(file.commands)) {
    const finding = checkCommand(command) ?? checkRoot(file, command) ?? checkNeeds(file, command);
    if (finding !== null) return { path: ["commands", name, ...finding.path], message: finding.message };
  }
  const redact = checkRedact(file);
  if (redact !== null) return redact;
  const circle = findCircle(file);
  if (circle === null) return null;
  const [first = ""] = circle;
  return { path: ["commands", first, "needs"], message: `need each other in a circle: ${circle.join(" → ")}` };
}

/** What is masked must be told from ordinary output, and in a stream. */
function checkRedact({ redact }: PolicyFile): Finding | null {
  for (const [at, value] of (redact?.values ?? []).entries()) {
    if (value.startsWith("env:") || Buffer.byteLength(value.trim()) >= leastListedBytes) continue;
    return { path: ["redact", "values", at], message: `has fewer than ${leastListedBytes} bytes` };
  }
  for (const [at, pattern] of (redact?.patterns ?? []).entries()) {
    const message = checkPattern(pattern);
    if (message !== null) return { path: ["redact", "patterns", at], message };
  }
  return null;
}

/** What is wrong with a command by itself, wherever it is written. */
export function checkCommand(command: NamedCommand): Finding | null {
  if ((command.command === undefined) === (command.argv === undefined)) {
    return { path: [], message: "give exactly one of `command` and `argv`" };
  }
  for (const [name, param] of Object.entries(command.params)) {
    const message = checkDefault(param);
    if (message !== null) return { path: ["params", name], message };
    if (command.argv?.[0]?.includes(`{${name}}`) === true) {
      return { path: ["argv"], message: `its program must not depend on a parameter ({${name}})` };
    }
  }
  return null;
}

function checkRoot(file: PolicyFile, { root, cwd }: NamedCommand): Finding | null {
  if ((root === undefined) === (cwd === undefined))
    return { path: [], message: "give exactly one of `root` and `cwd`" };
  if (root === undefined || Object.hasOwn(file.roots, root)) return null;
  return { path: ["root"], message: `names no folder in \`roots\`: ${JSON.stringify(root)}` };
}

function checkNeeds(file: PolicyFile, { needs }: NamedCommand): Finding | null {
  for (const [name, condition] of Object.entries(needs)) {
    const needed = Object.hasOwn(file.commands, name) ? file.commands[name] : undefined;
    const fault = needed === undefined ? "names no command" : findNeedFault(needed, condition);
    if (fault !== null) return { path: ["needs", name], message: fault };
  }
  return null;
}

function findNeedFault(needed: NamedCommand, condition: string): string | null {
  const asking = Object.entries(needed.params).find(
    ([, param]) => param.required === true && param.default === undefined,
  );
  if (asking !== undefined) return `cannot be started for another command: its parameter ${asking[0]} is required`;
  if (condition === "ready" && needed.ready === undefined) return "has no `ready` to wait for";
  if (condition === "completed" && needed.restart?.policy === "always") return "never completes: it always restarts";
  return null;
}

/** Names of commands of which each needs the next, the last one being the first again. */
function findCircle({ commands }: PolicyFile): string[] | null {
  const done = new Set<string>();
  const visit = (name: string, way: readonly string[]): string[] | null => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (done.has(name)) return null;
    for (const next of Object.keys(commands[name]?.needs ?? {})) {
      const circle = visit(next, [...way, name]);
      if (circle !== null) return circle;
    }
    done.add(name);
    return null;
  };
  for (const name of Object.keys(commands)) {
    const circle = visit(name, []);
    if (circle !== null) return circle;
  }
  return null;
}
