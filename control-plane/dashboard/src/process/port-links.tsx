// The ports a run's tree listens on, as links of this page's own making: they open on the machine itself.

import type { Port } from "@longwire/shared/api/views.ts";

export function PortLinks({ ports, machine }: { readonly ports: readonly Port[]; readonly machine: string }) {
  const numbers = [...new Set(ports.map(({ port }) => port))].toSorted((a, b) => a - b);
  return (
    <span class="ports">
      {numbers.map((port) => (
        <a
          key={port}
          class="port"
          href={`http://localhost:${port}/`}
          target="_blank"
          rel="noreferrer noopener"
          title={`Opens port ${port} of this computer; the process runs on ${machine}`}
        >
          :{port}
        </a>
      ))}
    </span>
  );
}
