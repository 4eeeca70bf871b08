// How much a machine's owner leaves to callers.

export const policyModes = ["named", "ask", "open"] as const;
