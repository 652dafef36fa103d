import { EXIT_USAGE } from './exit-codes.ts';
import { wrongSurroundings } from './surroundings.ts';

// Imported before everything else: libraries ask for the current folder while they are loaded.
const wrong = wrongSurroundings(process.env, () => process.cwd());
if (wrong !== undefined) {
  process.stderr.write(`[cli] ${wrong}\n`);
  process.exit(EXIT_USAGE);
}
