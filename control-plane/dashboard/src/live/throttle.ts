// Asking anew when something happened: soon, but never twice at a time and not more often than this. The first time
// somebody waits for it, so it is at once.

/** A function that calls `work` within `soonMs`, and again once it is done where it was called meanwhile. Never throws. */
export function throttled(work: () => Promise<void>, soonMs: number): () => void {
  let state: "idle" | "soon" | "busy" | "again" = "idle";
  let waitMs = 0;
  const begin = (): void => {
    state = "soon";
    setTimeout(() => {
      state = "busy";
      void work()
        .catch(() => undefined)
        .finally(() => {
          const again = state === "again";
          state = "idle";
          if (again) begin();
        });
    }, waitMs);
    waitMs = soonMs;
  };
  return () => {
    if (state === "idle") begin();
    else if (state === "busy") state = "again";
  };
}
