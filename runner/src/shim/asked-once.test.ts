import type { CommandId } from "@longwire/shared/ids.ts";
import { expect, test } from "vitest";
import { AskedOnce } from "./asked-once.ts";

const id = (number: number): CommandId => number.toString(16).padStart(32, "0") as CommandId;

test("[P20] what one command asked for is done once, and its repeat gets the same answer", () => {
  const asked = new AskedOnce<number>();
  let acts = 0;
  const act = (): number => ++acts;
  expect([asked.answer(id(1), act), asked.answer(id(2), act), asked.answer(id(1), act)]).toEqual([1, 2, 1]);
  for (let at = 3; at < 1003; at++) asked.answer(id(at), act);
  expect(asked.answer(id(1002), act)).toBe(1002);
});
