// Times that go on by themselves.

import { formatAgo, formatDuration } from "./format.ts";
import { now } from "./clock.ts";

/** How long since `from`, or between the two. */
export function Duration({ from, to }: { readonly from: string; readonly to: string | null }) {
  const end = to === null ? now.value : Date.parse(to);
  return <time dateTime={from}>{formatDuration(end - Date.parse(from))}</time>;
}

export function Ago({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {formatAgo(Date.parse(at), now.value)}
    </time>
  );
}
