// Back to the list that something stands in.

import { formatRoute } from "../route.ts";
import { Icon } from "../ui/icon.tsx";

export function BackLink({ machine }: { readonly machine: string }) {
  return (
    <a class="button-quiet button-square" href={formatRoute({ type: "machine", machine })} aria-label="All processes">
      <Icon name="back" />
    </a>
  );
}
