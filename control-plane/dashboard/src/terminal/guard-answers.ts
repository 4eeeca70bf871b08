// What a program asks of its terminal is answered by what is typed into it, and every page that draws the output would
// answer. So no page does, but the one somebody sits at: `mayAnswer` is asked as each question is drawn. Questions whose
// answers hold anything the program itself chose, colours and settings, are never answered.

import type { IDisposable, Terminal } from "@xterm/xterm";

/** Device attributes, status and cursor position, modes: the answers are of a fixed shape. */
const answerable = [
  { final: "c" },
  { prefix: ">", final: "c" },
  { prefix: "=", final: "c" },
  { final: "n" },
  { prefix: "?", final: "n" },
  { intermediates: "$", final: "p" },
  { prefix: "?", intermediates: "$", final: "p" },
] as const;

/** Colours: palette, foreground, background, cursor. Setting them would let a program hide what it prints. */
const colours = [4, 10, 11, 12, 104, 110, 111, 112] as const;
/** Titles, and the clipboard. */
const others = [0, 1, 2, 52] as const;

export function guardAnswers({ parser }: Terminal, mayAnswer: () => boolean): IDisposable[] {
  // A handler that returns true has dealt with the sequence.
  return [
    ...answerable.map((id) => parser.registerCsiHandler(id, () => !mayAnswer())),
    parser.registerCsiHandler({ final: "t" }, () => true),
    parser.registerDcsHandler({ intermediates: "$", final: "q" }, () => true),
    ...[...colours, ...others].map((id) => parser.registerOscHandler(id, () => true)),
  ];
}
