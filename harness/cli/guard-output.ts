import { EXIT_HARNESS } from './exit-codes.ts';

/** What of a process is needed to guard its output. */
type Guarded = Pick<NodeJS.Process, 'stdout' | 'stderr' | 'once'> & { exitCode?: NodeJS.Process['exitCode'] };

/**
 * Nobody who listens decides whether a run goes on: output that cannot be written is given up, and the run disposes of
 * what it started and ends with its own exit code. A closed pipe is no error; a full disk is told on the other stream.
 */
export function guardOutput(guarded: Guarded): void {
  guard(guarded.stdout, guarded.stderr, guarded);
  guard(guarded.stderr, guarded.stdout, guarded);
}

function guard(stream: NodeJS.WriteStream, other: NodeJS.WriteStream, guarded: Guarded): void {
  let isOver = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (isOver) return;
    isOver = true;
    // Progress is written for as long as the run goes on.
    stream.write = () => true;
    if (error.code === 'EPIPE') return;
    const name = stream === guarded.stdout ? 'output' : 'progress';
    other.write(`[cli] The ${name} could not be written: ${error.message}. Next: write it where there is room.\n`);
    if (stream !== guarded.stdout) return;
    // Whoever asked for a result and got none must not take that for a pass.
    guarded.once('exit', () => {
      guarded.exitCode ||= EXIT_HARNESS;
    });
  });
}
