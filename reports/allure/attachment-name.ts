import { randomUUID } from 'node:crypto';
import { ContentType } from 'allure-js-commons';

const EXTENSIONS: Readonly<Record<string, string>> = {
  [ContentType.JSON]: 'json',
  [ContentType.TEXT]: 'txt',
  [ContentType.HTML]: 'html',
  'text/markdown': 'md',
};

/** A file name for an attachment, as Allure recognises it. */
export function attachmentName(name: string, type: string): string {
  const extension = EXTENSIONS[type] ?? /\.([a-z0-9]{1,8})$/i.exec(name)?.[1] ?? 'txt';
  return `${randomUUID()}-attachment.${extension}`;
}
