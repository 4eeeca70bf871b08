// Loaded before every other module of the page: the secret is out of the address before anything reads it.

import { takeSecret } from "./fragment-secret.ts";

export const secretAtStart = takeSecret(window);
