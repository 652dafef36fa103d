import { styleText } from 'node:util';
import type { Verdict } from '../model/verdict.ts';

/** How text is painted for a terminal, or left plain. */
export interface Painter {
  good(text: string): string;
  bad(text: string): string;
  doubt(text: string): string;
  strong(text: string): string;
  faint(text: string): string;
}

type Format = Parameters<typeof styleText>[0];

const TONES = { pass: 'good', fail: 'bad', unknown: 'doubt' } as const satisfies Record<Verdict, keyof Painter>;
const SIGNS = { pass: '✓', fail: '✗', unknown: '?' } as const satisfies Record<Verdict, string>;

/** A painter that uses colours, or one that does nothing. */
export function painter(color: boolean): Painter {
  // The caller has looked at the terminal already; `styleText` must not look again.
  const paint = (format: Format) => (text: string) =>
    color && text !== '' ? styleText(format, text, { validateStream: false }) : text;
  return {
    good: paint('green'),
    bad: paint(['red', 'bold']),
    doubt: paint('yellow'),
    strong: paint('bold'),
    faint: paint('dim'),
  };
}

/** Paints by verdict. */
export function paintVerdict(paint: Painter, verdict: Verdict, text: string): string {
  return paint[TONES[verdict]](text);
}

/** The sign of a verdict, painted; words beside it say the same. */
export function verdictSign(paint: Painter, verdict: Verdict): string {
  return paintVerdict(paint, verdict, SIGNS[verdict]);
}
