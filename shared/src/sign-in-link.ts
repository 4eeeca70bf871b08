// The link that signs a page in: its one-time secret stands in the fragment, which no server is sent.

export const signInFragment = "#sign-in=";

export function signInLink(url: string, secret: string): string {
  return `${url}/${signInFragment}${secret}`;
}
