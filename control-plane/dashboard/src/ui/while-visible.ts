// Doing something again and again, while somebody can see it.

/** Calls `work` this often while the page is visible, and when it becomes so again; ended by what it returns. */
export function whileVisible(work: () => void, everyMs: number): () => void {
  const look = (): void => {
    if (document.visibilityState === "visible") work();
  };
  const timer = setInterval(look, everyMs);
  document.addEventListener("visibilitychange", look);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
  };
}
