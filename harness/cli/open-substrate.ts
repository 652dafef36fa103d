import type { Substrate, SubstrateContext } from '../model/substrate.ts';
import type { S3ServerName } from '../services/s3-servers.ts';
import { LocalSubstrate } from '../substrates/local/local.ts';
import { openToolbox } from '../tools/toolbox/toolbox.ts';

/** Opens the substrate of this machine; notes on what is being installed go to the journal and to whoever watches. */
export function openLocal({
  s3,
  onNote,
}: {
  s3: S3ServerName;
  onNote: (line: string) => void;
}): (context: SubstrateContext) => Promise<Substrate> {
  return async (context) => {
    const toolbox = await openToolbox({
      signal: context.signal,
      note: (line) => {
        context.note('tools', { line });
        onNote(line);
      },
    });
    return await LocalSubstrate.open(context, { toolbox, s3 });
  };
}
