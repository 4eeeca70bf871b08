// The sign of the product: a wave on a wire, and its end.

export function Logo() {
  return (
    <span class="logo">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" />
        <path d="M6 21c4 0 4-10 8-10s4 10 8 10 3-4 4-6" />
        <circle cx="26" cy="13.5" r="2.4" />
      </svg>
      Longwire
    </span>
  );
}
