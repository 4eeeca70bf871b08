import { expect, test } from "vitest";
import { raiseBriefly } from "./catalogue.ts";

test("[D4] [E1] F2: a control plane killed in mid-stream loses, doubles and reorders nothing", async () => {
  expect(await raiseBriefly("F2")).toMatchObject({ wrongs: [] });
}, 120_000);

test("[D5] F23: fifty machines dropped at once come back spread out, and lose nothing", async () => {
  expect(await raiseBriefly("F23")).toMatchObject({ wrongs: [] });
}, 120_000);

test("[D6] F21: of two runners with one token the newest is heard; the other ends and dials no more", async () => {
  expect(await raiseBriefly("F21")).toMatchObject({ wrongs: [] });
}, 120_000);

test("[T34] [T35] F35: whoever has no key wakes no object, takes no memory, and is told to wait", async () => {
  expect(await raiseBriefly("F35")).toMatchObject({ wrongs: [] });
}, 120_000);

test("[D7] F25: what is too large is closed or refused, and its sender is served again afterwards", async () => {
  expect(await raiseBriefly("F25")).toMatchObject({ wrongs: [] });
}, 120_000);

test("[D7] [T5] F26: malformed frames and bodies close or refuse their speaker, and nobody else notices", async () => {
  expect(await raiseBriefly("F26")).toMatchObject({ wrongs: [] });
}, 120_000);

test("[C3] [D31] F28: a start's frame said again starts nothing, here or elsewhere", async () => {
  expect(await raiseBriefly("F28")).toMatchObject({ wrongs: [] });
}, 120_000);

test("[C2] [C3] F29: a start repeated under one key through kills of the control plane starts once, with one answer", async () => {
  expect(await raiseBriefly("F29")).toMatchObject({ wrongs: [] });
}, 120_000);
