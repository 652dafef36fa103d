import { htmlText } from '../html/escape.ts';

/** A table under a title; its cells are HTML already. Nothing when it has no row. */
export function tableSection(title: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const head = columns.map((column) => `<th role="columnheader" scope="col">${htmlText(column)}</th>`).join('');
  const body = rows.map(
    (row) =>
      `<tr role="row">${row.map((cell, index) => `<td role="cell" data-label="${htmlText(columns[index] ?? '')}"><span>${cell}</span></td>`).join('')}</tr>`,
  );
  return `<section><h2>${htmlText(title)}</h2>
<table role="table" aria-label="${htmlText(title)}">
<thead role="rowgroup"><tr role="row">${head}</tr></thead>
<tbody role="rowgroup">
${body.join('\n')}
</tbody></table></section>`;
}
