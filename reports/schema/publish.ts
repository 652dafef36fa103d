import { resolve } from 'node:path';
import { writeAtomically } from '../files/write-atomically.ts';
import { resultJsonSchema } from './json-schema.ts';

// Run after a change of the schema: node reports/schema/publish.ts
await writeAtomically(resolve(import.meta.dirname, '..', 'result.schema.json'), resultJsonSchema());
