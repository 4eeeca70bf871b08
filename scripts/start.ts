// Builds, then is the embedded control plane: no process in between, so signals and stdout are its own.

import { build } from "./build.ts";
import { endWithLauncher } from "./end-with-launcher.ts";

await build();
endWithLauncher();
process.setSourceMapsEnabled(true);
await import(new URL("../control-plane/dist/start.js", import.meta.url).href);
