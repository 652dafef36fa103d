import { z } from 'zod';
import { runResultSchema } from './run-result.ts';

/** The JSON Schema (2020-12) of `result.json`, as text, the same on every call. */
export function resultJsonSchema(): string {
  const schema = z.toJSONSchema(runResultSchema, { target: 'draft-2020-12', io: 'output' });
  const head = {
    $schema: schema.$schema,
    $id: 'urn:restore-drill:result:1',
    title: 'restore-drill result',
    description:
      'Everything that a run of a drill came to: result.json in the folder of a run, and what --json prints.',
  };
  return `${JSON.stringify({ ...head, ...schema }, null, 2)}\n`;
}
