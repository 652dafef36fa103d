import type { ToolDefinition } from '../../../../machine/tools/toolbox/definition.ts';
import type { Program } from '../../../../model/job.ts';
import { type ImageMap, type ImageRole, imageOf, roleOf } from '../images.ts';
import { quoted } from '../volume/agent.ts';

/** Their images hold one static program and nothing else. */
const WITHOUT_SHELL: readonly ImageRole[] = ['minio', 'versitygw'];
const MARK = '\u001e';
const ENDED = 'exit code ';

/** Programs of one image to be asked for their versions. */
export interface Question {
  readonly image: string;
  readonly asked: readonly { readonly program: Program; readonly tool: ToolDefinition }[];
  /** Whether the image has a shell; otherwise its entry point is its one program. */
  readonly shell: boolean;
}

/** One question for every image that programs come from. */
export function questionsOf(
  programs: readonly Program[],
  images: ImageMap,
  definitionOf: (program: Program) => ToolDefinition,
): Question[] {
  const byImage = Map.groupBy(programs, (program) => imageOf(images, roleOf(program)));
  return [...byImage].map(([image, some]) => ({
    image,
    asked: some.map((program) => ({ program, tool: definitionOf(program) })),
    shell: !some.some((program) => WITHOUT_SHELL.includes(roleOf(program))),
  }));
}

/** What to call in a container of the image: a script for its shell, or arguments for its one program. */
export function callOf({ asked, shell }: Question): { readonly script: string } | { readonly args: readonly string[] } {
  if (!shell) return { args: asked[0]?.tool.version.args ?? [] };
  const each = asked.flatMap(({ program, tool }) => [
    `printf '\\036%s\\n' ${quoted(program)}`,
    [program, ...tool.version.args].map(quoted).join(' '),
    `printf '\\n${ENDED}%s\\n' $?`,
  ]);
  return { script: ['exec 2>&1 </dev/null', ...each, 'exit 0'].join('\n') };
}

/** What each program said; of one that failed nothing, for the shell speaks, too, of programs that are not there. */
export function answersIn({ asked, shell }: Question, log: string): [Program, string][] {
  if (!shell) return asked.map(({ program }) => [program, log]);
  return log
    .split(MARK)
    .slice(1)
    .map((part) => {
      const [program = '', ...said] = part.trimEnd().split('\n');
      return [program, said.pop() === `${ENDED}0` ? said.join('\n') : ''];
    });
}
