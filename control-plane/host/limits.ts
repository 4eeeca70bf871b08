// How often the embedded control plane may be asked, as its user says in the environment. Whoever reaches it is mostly
// the user alone, so the defaults are higher than a deployment's. Pure: the environment is given.

/** Requests a minute, unless the user says otherwise. All clients share one count of each but the last, which goes by token. */
const defaults = {
  LONGWIRE_GUESSES_PER_MINUTE: 900,
  LONGWIRE_ENTRIES_PER_MINUTE: 600,
  LONGWIRE_CALLS_PER_MINUTE: 60_000,
} as const;

/** Requests that are served of each kind, in a window of so many seconds. */
export interface RateLimits {
  readonly LIMIT_GUESSES: { readonly limit: number; readonly period: 60 };
  readonly LIMIT_ENTRIES: { readonly limit: number; readonly period: 60 };
  readonly LIMIT_CALLS: { readonly limit: number; readonly period: 10 };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws, with a message for the user, where a number is none. */
export function readRateLimits(environment: Environment): RateLimits {
  const read = (name: keyof typeof defaults): number => readCount(name, environment[name]) ?? defaults[name];
  return {
    LIMIT_GUESSES: { limit: read("LONGWIRE_GUESSES_PER_MINUTE"), period: 60 },
    LIMIT_ENTRIES: { limit: read("LONGWIRE_ENTRIES_PER_MINUTE"), period: 60 },
    // A window six times as short lets a client that went too far go on sooner.
    LIMIT_CALLS: { limit: Math.ceil(read("LONGWIRE_CALLS_PER_MINUTE") / 6), period: 10 },
  };
}

/** What the Worker is told of starts; nothing where the user says nothing. */
export function readStarts(environment: Environment): Record<string, string> {
  const starts = readCount("LONGWIRE_STARTS_PER_MINUTE", environment["LONGWIRE_STARTS_PER_MINUTE"]);
  return starts === null ? {} : { STARTS_PER_MINUTE: String(starts) };
}

function readCount(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^[1-9][0-9]{0,7}$/.test(text)) return Number(text);
  throw new Error(`${name} must be a whole number from 1 to 99999999.`);
}
