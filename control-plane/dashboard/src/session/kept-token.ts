// What a page holds instead of a cookie: a bearer token that this tab keeps to itself, over a reload and no longer than
// the tab. On loopback a cookie would go to every other port; over https only a pasted token is kept this way.

const key = "longwire.token";

export function keepToken(token: string): void {
  sessionStorage.setItem(key, token);
}

export function keptToken(): string | null {
  return sessionStorage.getItem(key);
}

export function forgetToken(): void {
  sessionStorage.removeItem(key);
}
