const GOROUTINE = /^(goroutine \d+ \[|created by )/;
const FRAME_AT = /^\t.*\.(go|s):\d+( \+0x[0-9a-f]+)?$/;
const FRAME = /^[\w.\-/@*()[\]{}·,… ]+\.[\w.\-()*·{}[\], …]+$/;

/**
 * Adds a line to the last ones that a program has said, without what programs in Go say of their own insides: such a
 * stack is longer than what is kept, and the sentence before it is what counts.
 */
export function addWithoutStacks(lines: string[], line: string): void {
  if (GOROUTINE.test(line)) return;
  if (!FRAME_AT.test(line)) {
    lines.push(line);
    return;
  }
  // A frame is two lines: what was called, and where that is.
  const last = lines.at(-1);
  if (last !== undefined && FRAME.test(last) && !/\s(failed|error)/i.test(last)) lines.pop();
}
