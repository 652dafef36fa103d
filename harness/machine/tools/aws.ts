import type { ToolDefinition } from './toolbox/definition.ts';

/** The AWS command line, for `aws s3 sync`. */
export const tool: ToolDefinition = {
  name: 'aws',
  programs: ['aws'],
  purpose: 'copies folders to and from buckets with `aws s3 sync`',
  accepts: '>=1.18',
  version: { args: ['--version'], pattern: /aws-cli\/(\d+(?:\.\d+)+)/ },
  hint: 'install the AWS command line (`apt-get install awscli`, `brew install awscli`), or use rclone instead.',
};
