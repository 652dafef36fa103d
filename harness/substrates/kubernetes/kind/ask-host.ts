import { RUN_LABEL } from '../../../machine/docker/containers.ts';
import type { Docker } from '../../../machine/docker/docker.ts';
import { hasImage } from '../../../machine/docker/postgres-image.ts';
import type { ToolDefinition } from '../../../machine/tools/toolbox/definition.ts';
import { loadDefinitions } from '../../../machine/tools/toolbox/definitions.ts';
import type { Program } from '../../../model/job.ts';
import { type ImageMap, roleOf } from '../core/images.ts';
import type { Answers } from '../core/programs/image-programs.ts';
import { answersIn, callOf, type Question, questionsOf } from '../core/programs/question.ts';

const ANSWER_BUDGET_MS = 60_000;

/** Asks the programs of images that this machine has for their versions, in containers, while the cluster is made. */
export async function askHost(docker: Docker, images: ImageMap, runId: string, signal: AbortSignal): Promise<Answers> {
  const definitions = new Map<Program, ToolDefinition>();
  for (const tool of await loadDefinitions()) for (const program of tool.programs) definitions.set(program, tool);
  const programs = [...definitions.keys()].filter((program) => images[roleOf(program)] !== undefined);
  const questions = questionsOf(programs, images, (program) => definitions.get(program) as ToolDefinition);
  const answers = await Promise.all(
    questions.map(async (question) =>
      (await hasImage(docker, question.image)) ? answersIn(question, await ask(docker, question, runId, signal)) : [],
    ),
  );
  return new Map(answers.flat());
}

async function ask(docker: Docker, question: Question, runId: string, signal: AbortSignal): Promise<string> {
  const call = callOf(question);
  const base = ['run', '--rm', '--pull=never', '--network=none', '--log-driver=none', `--label=${RUN_LABEL}=${runId}`];
  const args =
    'args' in call
      ? [...base, question.image, ...call.args]
      : [...base, '--entrypoint=sh', question.image, '-c', call.script];
  const ran = await docker.run(args, { budgetMs: ANSWER_BUDGET_MS, signal });
  return ran.ok ? ran.stdout : '';
}
