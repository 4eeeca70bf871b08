// Which variables hold secrets, by their names.

const secretWords = new Set([
  ...["TOKEN", "TOKENS", "SECRET", "SECRETS", "PASSWORD", "PASSWD", "PASSPHRASE", "PASSCODE", "PWD", "PASS", "PAT"],
  ...["CREDENTIAL", "CREDENTIALS", "KEY", "KEYS", "APIKEY", "SECRETKEY", "ACCESSKEY", "PRIVATEKEY", "AUTHTOKEN", "DSN"],
]);
/** Endings without a border before them, as in `PGPASSWORD`. */
const secretEnd = /(?:PASSWORD|PASSWD|SECRET|TOKEN|APIKEY|CREDENTIALS?)$/;
/** A last word that says something about a secret and is none. */
const about = new Set([
  ...["ID", "NAME", "USER", "USERNAME", "URL", "URI", "HOST", "PORT", "PATH", "FILE", "DIR", "FOLDER", "TYPE", "KIND"],
  ...["TTL", "AGE", "EXPIRES", "EXPIRY", "EXPIRATION", "TIMEOUT", "LENGTH", "SIZE", "COUNT", "ALGORITHM", "VERSION"],
  ...["ENABLED", "REQUIRED", "PUBLIC", "REGION", "ISSUER", "AUDIENCE", "SCOPE", "SCOPES", "MODE", "PREFIX", "SOCK"],
]);
/** Build tools put these into what they serve to browsers. */
const publicPrefix = /^(?:NEXT_PUBLIC|NUXT_PUBLIC|VITE|REACT_APP|PUBLIC|EXPO_PUBLIC|GATSBY|STORYBOOK)_/;

/** Whether a variable of this name holds a secret. */
export function namesSecret(name: string): boolean {
  if (name === "PWD" || name === "OLDPWD" || namesPublic(name)) return false;
  const words = wordsOf(name);
  const last = words.at(-1) ?? "";
  if (about.has(last) || (words.includes("PUBLIC") && last === "KEY")) return false;
  return words.some((word) => secretWords.has(word)) || secretEnd.test(last);
}

/** Whether what it holds is meant for everybody. */
export function namesPublic(name: string): boolean {
  return publicPrefix.test(name);
}

/** `apiKey`, `api-key` and `API_KEY` are the same two words. */
function wordsOf(name: string): string[] {
  const parted = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2");
  return parted
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((word) => word !== "");
}
