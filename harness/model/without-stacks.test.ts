import { expect, it } from 'vitest';
import { addWithoutStacks } from './without-stacks.ts';

function kept(text: string): string[] {
  const lines: string[] = [];
  for (const line of text.split('\n')) addWithoutStacks(lines, line);
  return lines;
}

it('keeps the sentence and leaves out what a program in Go tells of its insides', () => {
  expect(
    kept(`id 9f121389d6939f66 not found in repository
github.com/restic/restic/internal/repository.init
	github.com/restic/restic@v0.18.1/internal/repository/repository.go:27
github.com/spf13/cobra.(*Command).ExecuteC
	github.com/spf13/cobra@v1.10.1/command.go:1148
main.newLsCommand.func1
	github.com/restic/restic@v0.18.1/cmd/restic/cmd_ls.go:62
runtime.goexit
	runtime/asm_amd64.s:1771`),
  ).toEqual(['id 9f121389d6939f66 not found in repository']);
  expect(
    kept(`panic: runtime error: index out of range

goroutine 1 [running]:
main.run(0xc000, 0x1, {0x2, 0x3})
	/src/main.go:12 +0x1d
created by main.main
	/src/main.go:3 +0x2`),
  ).toEqual(['panic: runtime error: index out of range', '']);
});

it('keeps what only looks like it', () => {
  const text = 'Fatal: unable to open a.b.c\nsaid x.y\n\tindented\nruntime.goexit';
  expect(kept(text)).toEqual(text.split('\n'));
});
