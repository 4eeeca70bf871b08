// Which values are secrets: of variables, of the folder's `.env` files, and what the owner lists. Everything that is no
// secret stays readable, so values that are plainly something else are left out.

import { namesPublic, namesSecret } from "./secret-names.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

export interface SecretFacts {
  /** Environments: a child's, and the runner's own. */
  readonly environments: readonly Variables[];
  /** What stands in the `.env` files of the folder it runs in. */
  readonly files: readonly Variables[];
  /** The owner's `redact.values`. */
  readonly listed: readonly string[];
  /** Whether a file or folder is there. */
  readonly exists: (path: string) => boolean;
}

/** A shorter value than this stands in ordinary output: `true`, `1234`. */
export const leastValueBytes = 8;
/** What the owner lists may be this short. */
export const leastListedBytes = 4;
/** One line of a value of many, which a terminal or a log may part. */
const leastLineBytes = 12;
/** Longer than any key; what is behind it is masked by its lines. */
const maxValueBytes = 32 * 1024;

/** Values of secret-named variables that everybody has and every log says. */
const common = new Set([
  ...["password", "passw0rd", "postgres", "postgresql", "changeme", "changeit", "mysecret", "undefined", "disabled"],
  ...[
    "required",
    "username",
    "database",
    "production",
    "development",
    "localhost",
    "optional",
    "redacted",
    "[redacted]",
  ],
  ...["secret123", "password1", "password123", "minioadmin", "administrator", "mypassword", "none provided"],
]);

/** The values, each once, and each line of those of many. */
export function findSecretValues(facts: SecretFacts): string[] {
  const found = new Set<string>();
  for (const environment of facts.environments) {
    for (const [name, value = ""] of Object.entries(environment)) {
      for (const one of secretsIn(name, value, facts.exists)) found.add(one);
    }
  }
  for (const file of facts.files) {
    for (const [name, value = ""] of Object.entries(file)) {
      for (const one of secretsIn(name, value, facts.exists)) found.add(one);
      if (!namesPublic(name) && looksSecret(value)) found.add(value);
    }
  }
  const parted = [...found].flatMap((value) => withLines(value, leastValueBytes));
  const listed = facts.listed.flatMap((entry) => {
    const values = entry.startsWith("env:")
      ? facts.environments.map((one) => one[entry.slice("env:".length)])
      : [entry];
    return values.flatMap((value) => withLines(value ?? "", leastListedBytes));
  });
  return [...new Set([...listed, ...parted])];
}

function secretsIn(name: string, value: string, exists: SecretFacts["exists"]): string[] {
  const passwords = passwordsIn(value);
  if (passwords.length > 0) return passwords;
  if (!namesSecret(name) || common.has(value.toLowerCase()) || isNumber(value) || isPlainUrl(value)) return [];
  return value.startsWith("/") && exists(value) ? [] : [value];
}

/** The password of a URL, as it stands there and as it is meant. One that the URL shows elsewhere is none. */
function passwordsIn(value: string): string[] {
  const found = /^[a-z][a-z0-9+.-]*:\/\/([^\s/?#:@]*):([^\s/?#@]+)@([^\s]*)/i.exec(value);
  if (found === null) return [];
  const [, user = "", password = "", rest = ""] = found;
  if (password === user || common.has(password.toLowerCase()) || rest.split(/[/:?]/).includes(password)) return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

function isPlainUrl(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^\s@?]*$/i.test(value);
}

function isNumber(value: string): boolean {
  return /^[\d.,:_ -]*$/.test(value);
}

/** Of a variable whose name tells nothing: whether its value looks made by chance. */
function looksSecret(value: string): boolean {
  if (value.length < 16 || /[\s/\\:@]/.test(value)) return false;
  return /[0-9]/.test(value) && /[A-Za-z]/.test(value) && !/^[a-z]+(?:[-_.][a-z0-9]+)*$/.test(value);
}

function withLines(value: string, least: number): string[] {
  const whole = value.trim();
  const lines = /[\r\n]/.test(whole) ? whole.split(/[\r\n]+/).map((line) => line.trim()) : [];
  const long = lines.filter((line) => Buffer.byteLength(line) >= leastLineBytes);
  const size = Buffer.byteLength(whole);
  return [...(size >= least && size <= maxValueBytes ? [whole] : []), ...long];
}
