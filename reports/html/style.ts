/** The style of the page: light and dark, phone and paper, nothing from outside. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #ffffff; --ground: #f4f5f7; --ink: #1b1f24; --soft: #57606a; --line: #d5dae0;
  --good: #116329; --good-ground: #dafbe1; --bad: #a40e26; --bad-ground: #ffebe9; --doubt: #7d4e00; --doubt-ground: #fff3cd;
  --provision: #6639ba; --fetch: #0969da; --load: #bf5b04; --ready: #1a7f5a; --code: #eef1f4; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #161b22; --ground: #0d1117; --ink: #e6edf3; --soft: #9aa4af; --line: #30363d;
    --good: #56d364; --good-ground: #12261e; --bad: #ff8f88; --bad-ground: #341a1d; --doubt: #e3b341; --doubt-ground: #2e2611;
    --provision: #a985f0; --fetch: #58a6ff; --load: #f0883e; --ready: #3fb991; --code: #20262e; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.05rem; font-weight: 600; color: var(--soft); margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 0 0 .5rem; }
h3 { font-size: 1rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
p { margin: 0 0 .75rem; overflow-wrap: anywhere; }
section, .verdict { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.25rem; margin: 0 0 1rem; }
.verdict { border-left: 8px solid var(--tone); background: var(--tone-ground); }
.verdict .word { font-size: 2.4rem; line-height: 1.1; font-weight: 800; letter-spacing: .02em; color: var(--tone); margin: 0 0 .35rem; }
.verdict .sentence { font-size: 1.2rem; font-weight: 600; margin: 0 0 .35rem; }
.good { --tone: var(--good); --tone-ground: var(--good-ground); }
.bad { --tone: var(--bad); --tone-ground: var(--bad-ground); }
.doubt { --tone: var(--doubt); --tone-ground: var(--doubt-ground); }
.tone { color: var(--tone); font-weight: 600; white-space: nowrap; }
.note, .claim { color: var(--soft); }
.claim { margin: 0; }
.facts { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: 0 0 1rem; padding: 0 .25rem; }
.facts div { display: flex; gap: .4rem; min-width: 0; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.trouble { border-left: 4px solid var(--tone); padding: 0 0 0 .9rem; margin: 0 0 1.4rem; }
.trouble:last-child { margin-bottom: 0; }
.next { margin: .6rem 0 0; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
td:is([data-label="Check"], [data-label="By"], [data-label="Way"]), td[data-label="Way"] code { overflow-wrap: normal; }
th { color: var(--soft); font-weight: 600; overflow-wrap: normal; }
tbody tr:last-child td { border-bottom: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code, pre { font: .88em/1.45 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; background: var(--code); border-radius: 5px; }
code { padding: .1em .3em; overflow-wrap: anywhere; }
pre { padding: .7rem .9rem; margin: .5rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.bars { margin: 0 0 1rem; padding: 0; list-style: none; }
.bars li { display: grid; grid-template-columns: 7.5rem 1fr 6.5rem; gap: .75rem; align-items: center; margin: .3rem 0; }
.bars .name { overflow-wrap: anywhere; }
.bars .total { text-align: right; font-variant-numeric: tabular-nums; }
.bar { display: flex; height: 1.1rem; background: var(--code); border-radius: 4px; overflow: hidden; }
.bar span, .legend i { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.provision { background: var(--provision); } .fetch { background: var(--fetch); } .load { background: var(--load); } .ready { background: var(--ready); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin: 0 0 .6rem; padding: 0; list-style: none; color: var(--soft); font-size: .9rem; }
.legend i { display: inline-block; width: .8rem; height: .8rem; border-radius: 3px; margin-right: .4rem; vertical-align: -1px; }
@media (max-width: 640px) {
  main { padding: .75rem .6rem 3rem; } section, .verdict { padding: .9rem; }
  .bars li { grid-template-columns: 5rem 1fr 4.6rem; gap: .5rem; font-size: .9rem; }
  .facts { flex-direction: column; }
  table, tbody, tr, td { display: block; width: 100%; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { border-bottom: 1px solid var(--line); padding: .5rem 0; } tbody tr:last-child { border-bottom: 0; padding-bottom: 0; }
  td { display: grid; grid-template-columns: 6rem 1fr; gap: .6rem; border: 0; padding: .1rem 0; }
  td::before { content: attr(data-label); color: var(--soft); }
  td.number { text-align: left; }
}
@media print {
  :root { --paper: #fff; --ground: #fff; --ink: #000; --soft: #444; --line: #bbb; --code: #f2f2f2;
    --good: #116329; --bad: #a40e26; --doubt: #7d4e00; --good-ground: #fff; --bad-ground: #fff; --doubt-ground: #fff; }
  body { font-size: 11pt; } main { max-width: none; padding: 0; }
  section, .verdict { border-radius: 0; } h2, h3, .trouble h3 { break-after: avoid; } tr, .bars li { break-inside: avoid; }
}
`;
