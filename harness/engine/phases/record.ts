import { kindOf } from '../../kinds/kinds.ts';
import { Secret } from '../../model/secret.ts';
import type { World } from '../../model/target.ts';
import type { RestoredWorkload } from '../../model/workload.ts';
import { MIN_SECRET_CHARS, plainSecretsOf } from '../leaks.ts';
import { given, keysOf, type Part } from '../made.ts';
import { componentsWithRows, observeComponent, observeReferences } from '../observe-component.ts';
import type { Run } from '../run.ts';

/** Writes the manifest: every file, row, schema object and key, read by the harness before any backup tool runs. */
export async function record(
  run: Run,
  { opened, provisioned, recorded }: Part<'opened' | 'provisioned', 'recorded'>,
): Promise<string> {
  const { folder, journal, listener } = run;
  const { workload } = opened.drill;
  const world = given(provisioned.world, 'the world');
  const seen: string[] = [];
  for (const component of world.names) {
    listener.step(`reading ${component}`);
    const count = await observeComponent(folder, 'before', world, component, keysOf(recorded, component));
    journal.write('recorded', { component, count });
    seen.push(`${component} ${count}`);
  }
  await rememberSecrets(run, workload, world);
  for (const component of componentsWithRows(workload, world))
    await observeReferences(folder, 'before', world, component, workload);
  return seen.join(', ');
}

/** The workload's own secrets lie in YAML files of its volumes; they are masked from here on, and looked for later. */
async function rememberSecrets({ secrets }: Run, { components }: RestoredWorkload, world: World): Promise<void> {
  for (const component of components) {
    const { name, secretFiles } = component;
    for (const plain of (await kindOf(component).secretsIn?.(world.target(name))) ?? [])
      if (plain.value.length >= MIN_SECRET_CHARS) secrets.add(new Secret(`${name}/${plain.name}`, plain.value));
    for (const file of secretFiles ?? []) {
      const yaml = Buffer.from(await world.volume(name).read(file)).toString('utf8');
      for (const plain of plainSecretsOf(yaml)) secrets.add(new Secret(`${name}/${plain.name}`, plain.value));
    }
  }
}
