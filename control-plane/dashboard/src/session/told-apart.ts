// Tokens and join codes, told apart by how they begin. Pure.

/** Whether `text` has the form of a token; anything else is taken for a join code. */
export const isToken = (text: string): boolean => text.startsWith("lw_");
