// Doing something again and again, while somebody can see it.

/** Calls `work` this often while the page is visible; ended by what it returns. */
export function whileVisible(work: () => void, everyMs: number): () => void {
  const timer = setInterval(() => {
    if (document.visibilityState === "visible") work();
  }, everyMs);
  return () => clearInterval(timer);
}
