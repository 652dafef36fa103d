import { counted } from '../../../../checks/judging/wording.ts';

const CONFIDENCE = 0.95;
const NUMBER = new Intl.NumberFormat('en');

/**
 * What a sample says of the whole. When none of `n` sampled is bad, a share `p` of bad ones would have gone unseen with
 * a chance of `(1 - p)^n`: the share below which that chance is 5 % is stated.
 */
export function sampledInWords(bad: number, sampled: number, all: number): string {
  const seen = `${bad} bad of ${NUMBER.format(sampled + bad)} sampled of ${NUMBER.format(all)}`;
  if (bad > 0 || sampled === 0)
    return sampled === 0 ? `${counted(sampled, 'original')} sampled of ${NUMBER.format(all)}` : seen;
  const share = (1 - (1 - CONFIDENCE) ** (1 / sampled)) * 100;
  return `${seen}: with ${CONFIDENCE * 100} % confidence fewer than ${share.toPrecision(2)} % are bad`;
}
