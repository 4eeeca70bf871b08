/** Which subjects there are on this machine, in the order of the first round. */
import { createBareSpawn } from "./bare-spawn.ts";
import { createFloor } from "./floor/floor.ts";
import { followEvents } from "./longwire/follow-events.ts";
import { followViewer } from "./longwire/follow-viewer.ts";
import { createLongwire } from "./longwire/longwire.ts";
import { createOpenssh, findSshd } from "./openssh/openssh.ts";
import type { SubjectName } from "./options.ts";
import type { Subject } from "./subject.ts";

/** The subjects of these names, or all; OpenSSH only where its server is installed. */
export function createSubjects(only: readonly SubjectName[] | null): Subject[] {
  const sshd = findSshd();
  if (sshd === null) console.log("openssh is left out: sshd is not installed");
  const all = [
    createFloor(),
    ...(sshd === null ? [] : [createOpenssh(sshd)]),
    createBareSpawn(),
    createLongwire("longwire", followViewer),
    createLongwire("longwire-events", followEvents, "longwire"),
  ];
  return all.filter((subject) => only === null || only.some((name) => name === subject.name));
}
