import { floodTurnMs } from "@longwire/shared/limits.ts";
import { expect, test } from "vitest";
import { PacedAnswers } from "./paced-answers.ts";

test("[D33] answers leave at once until a flood's turn is over, then wait for everything else, in their order", () => {
  const looks: (() => void)[] = [];
  const said: number[] = [];
  const answers = new PacedAnswers((then) => looks.push(then));
  const give = (at: number): void => answers.give(() => said.push(at), at);

  give(1000);
  give(1000 + floodTurnMs - 1);
  expect(said).toEqual([1000, 1000 + floodTurnMs - 1]);
  give(1000 + floodTurnMs);
  give(1000 + floodTurnMs);
  give(1001 + floodTurnMs);
  expect(said).toHaveLength(2);
  expect(looks).toHaveLength(1);

  looks.shift()?.();
  expect(said).toEqual([1000, 1000 + floodTurnMs - 1, 1000 + floodTurnMs, 1000 + floodTurnMs, 1001 + floodTurnMs]);
  give(2000 + floodTurnMs);
  expect(said).toHaveLength(6);
  expect(looks).toEqual([]);
});
