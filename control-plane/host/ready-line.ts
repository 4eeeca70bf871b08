// What `start` prints when a start would be served: one JSON line for programs, a few lines for people.

export interface ReadyLine {
  readonly url: string;
  readonly dashboard_url: string | null;
  readonly mcp_url: string;
  readonly machine_id: string;
  readonly token: string;
  readonly token_file: string;
  readonly pid: number;
}

/** The same for people, with a link that signs in once and a first command to copy. The token itself stays in its file. */
export function describeReady(line: ReadyLine, link: string): string {
  return `
Longwire is ready at ${line.url}

  dashboard ${link}
            signs in once, for five minutes; \`npx runner open\` makes another
  machine   ${line.machine_id}
  token     in ${line.token_file}
  MCP       ${line.mcp_url}

Start something from another terminal:

  curl -H "Authorization: Bearer $(cat '${line.token_file}')" -H 'Content-Type: application/json' \\
    -d '{"command": "echo hello from here"}' ${line.url}/v1/machines/-/processes

Ctrl-C ends it, and whatever it runs.
`;
}
