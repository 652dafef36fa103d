/** What the page for auditors adds to the style of the pages of runs. */
export const COMPLIANCE_STYLE = `
:root { --c0: #0550ae; --c1: #8250df; --c2: #bc4c00; --c3: #1a7f5a; --c4: #bf3989; --c5: #57606a; --c6: #7d4e00; --objective: #a40e26;
  --good-bar: #2da44e; --bad-bar: #cf222e; --doubt-bar: #d4a72c; --link: #0550ae; }
@media (prefers-color-scheme: dark) {
  :root { --c0: #79c0ff; --c1: #bc8cff; --c2: #f0883e; --c3: #3fb991; --c4: #f778ba; --c5: #9aa4af; --c6: #e3b341; --objective: #ff8f88;
    --good-bar: #2ea043; --bad-bar: #f85149; --doubt-bar: #d29922; --link: #79c0ff; } }
a { color: var(--link); }
main { max-width: 80rem; }
h3 { margin: 1.2rem 0 .4rem; }
.attention { margin: 0; padding: 0; list-style: none; }
.attention li { border-left: 4px solid var(--tone); padding: .15rem 0 .15rem .7rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
.attention li span { color: var(--tone); font-weight: 700; }
figure { margin: 1rem 0 1.4rem; break-inside: avoid; }
figcaption { font-weight: 600; font-size: .95rem; margin: 0 0 .4rem; }
figure svg { display: block; width: 100%; height: auto; }
.narrow { display: none; }
.scroll { overflow-x: auto; }
.scroll td, .scroll th { overflow-wrap: normal; }
.scroll th { white-space: nowrap; } .scroll td { min-width: 3rem; } .scroll td { white-space: nowrap; } .scroll td.long { white-space: normal; min-width: 14rem; }
.scroll th.number, .scroll td:not(:last-child) { padding-right: .8rem; }
.scroll code { white-space: nowrap; }
@media screen and (max-width: 640px) {
  .wide { display: none; } .narrow { display: block; }
  .scroll table { display: table; width: max-content; } .scroll thead { display: table-header-group; position: static; width: auto; height: auto; clip-path: none; }
  .scroll tbody { display: table-row-group; width: auto; } .scroll tr { display: table-row; width: auto; }
  .scroll td { display: table-cell; width: auto; padding: .4rem .6rem; max-width: 16rem; border-bottom: 1px solid var(--line); }
  .scroll td.number { text-align: right; } .scroll td::before { content: none; }
}
@media print {
  :root { --c0: #0550ae; --c1: #8250df; --c2: #bc4c00; --c3: #1a7f5a; --c4: #bf3989; --c5: #57606a; --c6: #7d4e00; --objective: #a40e26; --link: #000; }
  .scroll { overflow: visible; } .scroll table { font-size: 7.5pt; } .scroll td, .scroll th { padding: .2rem .3rem; white-space: normal; }
  .scroll thead { display: table-header-group; }
}
`;
