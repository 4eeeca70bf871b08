// The few pictures of the dashboard, drawn on a grid of 16.

const paths = {
  play: "M5 3.5v9l7-4.5z",
  stop: "M4.5 4.5h7v7h-7z",
  restart: "M12.5 8a4.5 4.5 0 1 1-1.4-3.3M12.5 2.5v3h-3",
  pause: "M5.5 4v8M10.5 4v8",
  more: "M3.5 7.6a.4.4 0 1 0 .01 0M8 7.6a.4.4 0 1 0 .01 0M12.5 7.6a.4.4 0 1 0 .01 0",
  bell: "M8 2.5a3.5 3.5 0 0 0-3.5 3.5c0 3-1.5 4-1.5 4h10s-1.5-1-1.5-4A3.5 3.5 0 0 0 8 2.5M6.8 12.5a1.3 1.3 0 0 0 2.4 0",
  sun: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7",
  moon: "M13 9.2A5.2 5.2 0 0 1 6.8 3a5.2 5.2 0 1 0 6.2 6.2",
  screen: "M2.5 3.5h11v7h-11zM6 13h4",
  plus: "M8 3.5v9M3.5 8h9",
  close: "M4 4l8 8M12 4l-8 8",
  check: "M3.5 8.5l3 3 6-7",
  columns: "M2.5 3.5h11v9h-11zM8 3.5v9",
  key: "M9.5 9.5a3 3 0 1 0-2.8-2L2.5 11.7v1.8h2v-1.5H6v-1.4l1.4-1.4c.6.2 1.3.3 2.1.3M10.5 5.5h.01",
  invite: "M2.5 4.5h11v7h-11zM2.5 5l5.5 4 5.5-4",
  hook: "M8 2.5v5M8 7.5a2.7 2.7 0 1 0 2.7 2.7M5.5 5L8 2.5 10.5 5",
  audit: "M4 2.5h6l2.5 2.5v8.5h-8.5zM6 7.5h4.5M6 10h4.5",
  machine: "M2.5 3.5h11v4h-11zM2.5 8.5h11v4h-11zM5 5.5h.01M5 10.5h.01",
  shield: "M8 2.5l4.5 1.7v3.6c0 2.6-1.8 4.6-4.5 5.7-2.7-1.1-4.5-3.1-4.5-5.7V4.2z",
  out: "M6.5 2.5h-3v11h3M9.5 5l3 3-3 3M12.5 8h-6",
  link: "M7 4.5H3.5v8h8V9M9 3h4v4M13 3L7.5 8.5",
  copy: "M5.5 5.5h7v7h-7zM10.5 5.5v-2h-7v7h2",
  back: "M9.5 3.5L5 8l4.5 4.5",
  search: "M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8M10 10l3 3",
  terminal: "M2.5 3.5h11v9h-11zM5 6l2 2-2 2M8.5 10H11",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
