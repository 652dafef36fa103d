import { kindOf } from '../../kinds/kinds.ts';
import { Secret } from '../../model/secret.ts';
import { MIN_SECRET_CHARS, plainSecretsOf } from '../leaks.ts';
import { observeComponent, observeWorkload } from '../observe-component.ts';
import { given, keysOf, type RunState } from '../run-state.ts';

/** Writes the manifest: every file, row, schema object and key, read by the harness before any backup tool runs. */
export async function record(state: RunState): Promise<string> {
  const world = given(state.world, 'the world');
  const seen: string[] = [];
  for (const component of world.names) {
    state.listener.step(`reading ${component}`);
    const count = await observeComponent(state.folder, 'before', world, component, keysOf(state, component));
    state.journal.write('recorded', { component, count });
    seen.push(`${component} ${count}`);
  }
  await rememberSecrets(state);
  await observeWorkload(state.folder, 'before', world, state.drill.workload);
  return seen.join(', ');
}

/** The workload's own secrets lie in YAML files of its volumes; they are masked from here on, and looked for later. */
async function rememberSecrets(state: RunState): Promise<void> {
  const world = given(state.world, 'the world');
  for (const component of state.drill.workload.components) {
    const { name, secretFiles } = component;
    for (const plain of (await kindOf(component).secretsIn?.(world.target(name))) ?? [])
      if (plain.value.length >= MIN_SECRET_CHARS) state.secrets.add(new Secret(`${name}/${plain.name}`, plain.value));
    for (const file of secretFiles ?? []) {
      const yaml = Buffer.from(await world.volume(name).read(file)).toString('utf8');
      for (const plain of plainSecretsOf(yaml)) state.secrets.add(new Secret(`${name}/${plain.name}`, plain.value));
    }
  }
}
