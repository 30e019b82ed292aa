import { test } from "vitest";
import { select, statementKey, BindParameter, Node } from "../index.js";
import { flattenBinds } from "./binds.js";
import { internPair, internAtom } from "./intern.js";
import { users } from "../sql/test-schema.js";
test("bench", () => {
  const { id, name, age } = users.c;
  const make = (i: number) => select(id, name, age).where(id.eq(i), name.like("x"), age.gt(3)).orderBy(name.desc()).limit(10);
  const time = (label: string, prep: () => Node[], work: (n: Node) => unknown) => {
    let best = 1e9; let keep: unknown;
    for (let r = 0; r < 300; r++) { const l = prep(); const t = performance.now(); for (const x of l) keep = work(x); best = Math.min(best, performance.now() - t); }
    console.log(label, (best / 0.3).toFixed(3), "us", keep !== undefined);
  };
  const list = (f: (i: number) => Node) => () => Array.from({ length: 300 }, (_, i) => f(i));
  time("select key", list(make), (n) => statementKey(n));
  time("select shape", list(make), (n) => n.shape);
  time("select binds", list(make), (n) => n.binds);
  time("bind shape", list((i) => new BindParameter(i, id.type, "id")), (n) => n.shape);
  time("binary shape", list((i) => id.eq(i) as never), (n) => n.shape);
  time("empty select", list((i) => select(id)), (n) => n.shape);
  time("80 pairs", list((i) => id as never), () => { let x = 5; for (let i = 0; i < 80; i++) x = internPair(x, i); return x; });
  time("80 atoms", list((i) => id as never), () => { let x = 5; for (let i = 0; i < 80; i++) x += internAtom("users"); return x; });
  time("80 batoms", list((i) => id as never), () => { let x = 5; for (let i = 0; i < 80; i++) x += internAtom(true); return x; });
});
