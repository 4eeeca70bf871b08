import { expect, test } from "vitest";
import { judgeClock, judgeDisk, judgeFolder, judgeNode } from "./findings.ts";

test("[U9] what a runner needs is judged, and whatever is not well has what to do about it", () => {
  expect(["20.11.1", "22.12.0", "22.13.0", "24.0.0"].map((version) => judgeNode(version).verdict)).toEqual([
    ...["fault", "fault", "ok", "ok"],
  ]);
  expect([5e7, 5e8, 5e9].map((bytes) => judgeDisk(bytes).verdict)).toEqual(["fault", "warning", "ok"]);
  expect([null, 900, -30_000, 90_000].map((ms) => judgeClock(ms).verdict)).toEqual(["ok", "ok", "warning", "fault"]);
  expect(judgeClock(-30_000).says).toBe("30 s behind the control plane's");
  const folder = { path: "/d", mode: 0o40700, uid: 7 };
  const token = { path: "/d/token", mode: 0o100600, uid: 7 };
  expect(judgeFolder([folder, token], 7)).toEqual({ name: "data folder", verdict: "ok", says: "/d" });
  expect(judgeFolder([folder, { ...token, mode: 0o100644 }], 7)).toMatchObject({
    verdict: "fault",
    says: "open to other users: /d/token",
    hint: expect.stringContaining("chmod go-rwx /d/token") as string,
  });
  expect(judgeFolder([folder, token], 8)).toMatchObject({ verdict: "fault", says: "/d belongs to another user" });
  expect(judgeFolder([folder, token], null).verdict).toBe("ok");
});
