// The page's policy refuses code made of text, which zod would try before it reads its first answer.

import * as z from "zod";

z.config({ jitless: true });
