import { stripVTControlCharacters } from 'node:util';

/** An element of an XML document; text and attributes as they are, before escaping. */
export interface XmlElement {
  readonly tag: string;
  readonly attributes?: Readonly<Record<string, string | number>>;
  readonly children?: readonly XmlElement[];
  readonly text?: string;
}

// Whatever XML 1.0 allows; all else cannot be written, not even escaped.
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Writes a document; colours are dropped, characters that XML cannot hold become U+FFFD. */
export function renderXml(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${renderElement(root, '')}`;
}

function renderElement({ tag, attributes, children, text }: XmlElement, indent: string): string {
  const open = [tag, ...Object.entries(attributes ?? {}).map(([name, value]) => `${name}="${attribute(value)}"`)];
  if (text !== undefined) return `${indent}<${open.join(' ')}>${escapeText(text)}</${tag}>\n`;
  if (!children || children.length === 0) return `${indent}<${open.join(' ')}/>\n`;
  const inner = children.map((child) => renderElement(child, `${indent}  `)).join('');
  return `${indent}<${open.join(' ')}>\n${inner}${indent}</${tag}>\n`;
}

function attribute(value: string | number): string {
  return clean(String(value)).replace(/[&<>"\t\n\r]/g, (character) => ENTITIES[character] ?? '');
}

function escapeText(text: string): string {
  return clean(text).replace(/[&<>\r]/g, (character) => ENTITIES[character] ?? '');
}

function clean(text: string): string {
  return stripVTControlCharacters(text).toWellFormed().replace(FORBIDDEN, '\uFFFD');
}
