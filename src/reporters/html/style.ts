/** The look of the HTML report: one screen wide, a phone, the dark, paper. Orange and blue are told apart by people who see red and green alike. */
export const STYLE = `:root{color-scheme:light dark;--ink:#1b1b1f;--paper:#fff;--line:#d9d9de;--soft:#5b5b63;--bad:#a8450f;--care:#7a5c00;--good:#1f5f8b}
@media(prefers-color-scheme:dark){:root{--ink:#e7e7ea;--paper:#17171a;--line:#3a3a41;--soft:#a9a9b2;--bad:#f08a4b;--care:#e0b93b;--good:#7dbbe6}}
*{box-sizing:border-box}body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:1.5rem auto;padding:0 1rem;color:var(--ink);background:var(--paper);overflow-wrap:anywhere}
h1{font-size:1rem;color:var(--soft);font-weight:600}h2{font-size:1.3rem;margin:2.5rem 0 .2rem}h3{font-size:1.05rem;margin:2rem 0 .4rem}h4{font-size:1rem;margin:1rem 0 .1rem}
p{margin:.3rem 0}.soft{color:var(--soft)}.verdict{border:2px solid;border-radius:.4rem;padding:.6rem .9rem;margin:1rem 0;font-size:1.1rem}.verdict b{letter-spacing:.02em}
.bad{color:var(--bad)}.care{color:var(--care)}.good{color:var(--good)}.open{color:var(--ink)}.verdict span{color:var(--ink)}
.score{font-size:1.6rem;font-weight:700;margin:.4rem 0}.bar{height:.6rem;background:var(--line);border-radius:.3rem;max-width:24rem}.bar i{display:block;height:100%;border-radius:.3rem;background:currentColor}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1.2rem;margin:1rem 0}dt{color:var(--soft)}dd{margin:0}
.f{border-left:.35rem solid var(--line);padding:.1rem 0 .1rem .9rem;margin:1.2rem 0}.f.critical,.f.high{border-color:var(--bad)}.f.medium{border-color:var(--care)}.f.low{border-color:var(--good)}
.sev{display:block;break-after:avoid;font-size:.8rem;font-weight:700;letter-spacing:.04em}.pts{float:right;color:var(--soft)}.big{font-size:1.05rem;font-weight:600}
.wide{overflow-x:auto;margin:.4rem 0}table{border-collapse:collapse}table.map{font-size:12px;font-variant-numeric:tabular-nums}table.map td,table.map th{padding:2px 5px;text-align:right;white-space:nowrap}
table.map th{font-weight:600;color:var(--soft)}.cap{font-size:.8rem;color:var(--soft);margin-top:.6rem}td.same{opacity:.45}td.x{outline:2px solid currentColor;outline-offset:-1px;font-weight:700}
table.files td,table.files th{text-align:left;padding:.25rem .8rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}
ul{padding-left:1.2rem;margin:.3rem 0}li{margin:.2rem 0}summary{cursor:pointer;margin:.6rem 0}
@media(max-width:34rem){dl{grid-template-columns:1fr}dt{margin-top:.4rem}.pts{float:none;display:block}}
@media print{:root{--ink:#000;--paper:#fff;--soft:#444}@page{margin:14mm}body{max-width:none;margin:0;font-size:10.5pt}table.map,.verdict,.files tr{break-inside:avoid}.f p{break-after:avoid}h2,h3,h4{break-after:avoid}.wide{overflow:visible}
table.map{font-size:6.5pt}table.map td,table.map th{padding:1px 2px}table.map,.bar{-webkit-print-color-adjust:exact;print-color-adjust:exact}details>summary{list-style:none}}`;
