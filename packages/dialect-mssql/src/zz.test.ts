import * as c from "@acme/core";
import {
  and,
  bigInteger,
  boolean,
  case_,
  date,
  dateTime,
  delete_,
  false_,
  func,
  insert,
  integer,
  largeBinary,
  literal,
  not,
  null_,
  numeric,
  or,
  param,
  select,
  selectAll,
  sql,
  string,
  text,
  true_,
  tuple,
  update,
} from "@acme/core";
import { expect, test } from "vitest";
import { mssql } from "./index.js";
import { grades, posts, tags, users } from "./test-schema.js";

const d = mssql();
const { id, name, nick, age, balance, score, active, bio, born, seen, createdAt, token, visits } = users.c;
const boss = users.alias("boss");
const tree = select(id, users.c.managerId, literal(0).label("depth"))
  .where(users.c.managerId.isNull())
  .cte("tree", { recursive: true });
const all = tree.unionAll(
  select(id, users.c.managerId, tree.c.depth.add(1)).join(tree, users.c.managerId.eq(tree.c.id)),
);
const rich = select(id).where(balance.gt("1000.50")).cte("rich");
const stmts: Record<string, () => any> = {
  cmp: () => select(id).where(age.ge(18), name.ne("x"), nick.isNull()),
  notcmp: () => select(id).where(not(or(age.lt(1), age.gt(9)))),
  dist: () => select(id).where(nick.isDistinctFrom("x"), nick.isNotDistinctFrom(name)),
  inl: () => select(id).where(id.in([1, 2]), name.notIn(["a"])),
  inempty: () => select(id).where(id.in([])),
  insub: () => select(id).where(id.in(select(posts.c.authorId))),
  indate: () => select(id).where(born.in(["2020-01-01", "2020-01-02"]), balance.in(["1.5"])),
  tup: () =>
    select(id).where(
      tuple(id, name).in([
        [1, "a"],
        [2, "b"],
      ]),
    ),
  tupempty: () => select(id).where(tuple(id, name).in([])),
  between: () => select(id).where(age.between(1, 5), age.notBetween(2, 3)),
  like: () =>
    select(id).where(name.like("a%"), name.ilike("b%"), name.contains("50%[x]"), name.notLike("z", { escape: "!" })),
  arith: () =>
    select(age.add(1).mul(2).label("a"), age.sub(1).div(2).label("b"), age.mod(3).label("m"), age.neg().label("n")),
  arith2: () => select(age.add(age.mod(3)).mul(age.mod(2)).label("a")),
  concat: () => select(name.concat("-").concat(nick).label("c")).where(name.concat("x").eq("ax")),
  bool: () =>
    select(active, age.gt(18).label("adult"), true_().label("t")).where(active, not(active)).orderBy(age.gt(1)),
  boolc: () => select(id).where(or(false_(), active)).where(true_()),
  boolcase: () => select(case_([[active, "on"]], "off").label("s"), case_([[age.gt(1), active]], false_()).label("u")),
  booleq: () => select(id).where(active.eq(true), active.eq(age.gt(3))),
  filter: () =>
    select(
      func.count().filter(active).label("n"),
      func.sum(age).filter(age.gt(3)).label("s"),
      func.count(id).distinct().label("k"),
    ),
  fns: () =>
    select(
      func.charLength(name).label("a"),
      func.substring(name, 2, 3).label("b"),
      func.substring(name, 2).label("b2"),
      func.lower(name).label("l"),
      func.coalesce(nick, name).label("c"),
      func.nullif(nick, "").label("n"),
      func.now().label("now"),
      func.currentDate().label("today"),
      func.round(score, 2).label("r"),
      func.trim(name).label("t"),
      func("my_fn", id).label("f"),
    ),
  avg: () => select(func.avg(age), func.avg(balance), func.sum(balance), func.max(createdAt), func.sum(visits)),
  cast: () =>
    select(
      age.cast(string(10)).label("a"),
      name.cast(integer()).label("b"),
      name.cast(date()).label("c"),
      createdAt.cast(date()).label("d"),
      name.cast(text()).label("e"),
      age.cast(numeric(8, 2)).label("f"),
      name.cast(string()).label("g"),
      name.cast(dateTime()).label("h"),
      active.cast(integer()).label("i"),
      name.cast(largeBinary()).label("j"),
    ),
  over: () =>
    select(
      id,
      func.rowNumber().over({ partitionBy: users.c.role, orderBy: age.desc() }).label("n"),
      func
        .sum(age)
        .over({ orderBy: id, rows: ["unbounded", 0] })
        .label("run"),
    ),
  lag: () =>
    select(func.lag(age, 1).over({ orderBy: id }).label("p"), func.lastValue(seen).over({ orderBy: id }).label("q")),
  exists: () => select(id).where(select(posts.c.id).where(posts.c.authorId.eq(id)).exists()),
  scalar: () => select(id, select(func.count()).selectFrom(posts).where(posts.c.authorId.eq(id)).scalar().label("n")),
  joins: () => select(name, posts.c.title).join(posts).where(posts.c.rating.gt(3)),
  left: () => select(name, posts.c.title).outerJoin(posts, and(posts.c.authorId.eq(id), active)),
  full: () => select(name, posts.c.title).fullJoin(posts),
  cross: () => select(name, posts.c.title).crossJoin(posts),
  self: () => select(name, boss.c.name.label("boss")).outerJoin(boss, boss.c.id.eq(users.c.managerId)),
  group: () =>
    select(users.c.role, func.count().label("n"))
      .groupBy(users.c.role)
      .having(func.count().gt(1))
      .orderBy(users.c.role.desc().nullsLast(), age.nullsFirst()),
  limit: () => select(id).orderBy(name).limit(5),
  limoff: () => select(id).orderBy(name).limit(5).offset(10),
  off: () => select(id).offset(10),
  distinct: () => select(name).distinct(),
  distinctlim: () => select(name).distinct().limit(3).offset(4),
  distdate: () => select(born, name).distinct().orderBy(born.desc()),
  distdec: () => select(balance).distinct().orderBy(balance).limit(4),
  sub: () => {
    const s = select(id, func.count().label("n")).groupBy(id).subquery("s");
    return select(s.c.id, s.c.n).where(s.c.n.gt(1));
  },
  suborder: () => {
    const s = select(id, name).orderBy(name).subquery("s");
    return select(s.c.id);
  },
  subtop: () => {
    const s = select(id, name).orderBy(name).limit(3).subquery("s");
    return select(s.c.id);
  },
  lateral: () => {
    const l = select(posts.c.title).where(posts.c.authorId.eq(id)).orderBy(posts.c.rating.desc()).limit(1).lateral("l");
    return select(name, l.c.title).join(l, true_());
  },
  lateral2: () => {
    const l = select(posts.c.title).where(posts.c.authorId.eq(id)).lateral("l");
    return select(name, l.c.title).outerJoin(l, l.c.title.ne("x"));
  },
  lateral3: () => {
    const l = select(posts.c.title).where(posts.c.authorId.eq(id)).lateral("l");
    return select(name, l.c.title);
  },
  cte: () => select(rich.c.id).where(rich.c.id.gt(3)),
  rec: () => select(all.c.id, all.c.depth),
  recunion: () => {
    const t = tree.union(
      select(id, users.c.managerId, tree.c.depth.add(1)).join(tree, users.c.managerId.eq(tree.c.id)),
    );
    return select(t.c.id);
  },
  union: () => select(id).union(select(posts.c.id)),
  unionord: () => select(id, born).unionAll(select(posts.c.id, null_())).orderBy(id.desc()).limit(3),
  unionlim: () => select(id).unionAll(select(posts.c.id)).limit(3).offset(2),
  unionmem: () =>
    select(id)
      .orderBy(name)
      .limit(1)
      .unionAll(select(posts.c.id).intersect(select(tags.c.id))),
  except: () => select(id).except(select(posts.c.id)),
  uniondec: () => select(balance).union(select(tags.c.weight)).orderBy(balance),
  noFrom: () => select(literal(1).label("one"), literal("x")),
  lock: () => select(id).where(id.eq(1)).forUpdate(),
  lockn: () => select(id).forUpdate({ nowait: true }),
  locks: () => select(id).join(posts).forUpdate({ skipLocked: true }),
  lockshare: () => select(id).forUpdate({ share: true }),
  locklim: () => select(id).limit(1).forUpdate(),
  ins: () => insert(tags).values({ label: "a", weight: "1.5", added: "2020-01-01" }),
  insMany: () => insert(tags).values({ label: "a" }, { label: "b", weight: 2 }),
  insKey: () => insert(tags).values({ id: 1, label: "a" }),
  insKeyMany: () => insert(tags).values({ id: 1, label: "a" }, { id: 2, label: "b" }),
  insRet: () => insert(tags).values({ label: "a" }).returning(tags.c.id, tags.c.added, tags.c.weight.label("w")),
  insRetMany: () => insert(tags).values({ label: "a" }, { label: "b" }).returning(tags.c.id),
  insDef: () => insert(tags).values({}),
  insExpr: () => insert(tags).values({ label: func.lower("A") }),
  insExprs: () => insert(tags).values({ label: func.lower("A") }, { label: "x" }),
  insSel: () => insert(tags).fromSelect(["label"], select(name).where(active)),
  insSelCte: () => insert(tags).fromSelect(["label"], select(name).where(id.in(select(rich.c.id)))),
  insSelKey: () =>
    insert(tags).fromSelect(
      ["id", "label"],
      select(id, name)
        .where(id.in(select(rich.c.id)))
        .orderBy(id),
    ),
  insSelRet: () => insert(tags).fromSelect(["label"], select(name)).returning(tags.c.id),
  insGrades: () => insert(grades).values({ course: "a", student: "b", mark: 1.5 }),
  upd: () =>
    update(users)
      .set({ name: "x", age: age.add(1), active: false })
      .where(id.eq(1)),
  updRet: () => update(users).set({ name: "x" }).where(id.eq(1)).returning(id, seen, balance),
  updCte: () =>
    update(users)
      .set({ name: "x" })
      .where(id.in(select(rich.c.id))),
  updSub: () => update(users).set({ age: select(func.max(posts.c.rating)).where(posts.c.authorId.eq(id)).scalar() }),
  del: () => delete_(users).where(id.in([1, 2])),
  delRet: () => delete_(users).where(id.eq(1)).returning(id, name, active, token, users.c.photo, bio, score, visits),
  clob: () => select(bio).where(bio.eq("x"), bio.like("%a"), bio.isNotNull(), users.c.settings.isNull()),
  dates: () =>
    select(born, seen, createdAt).where(seen.ge(new Date(0)), createdAt.lt(new Date(0)), born.eq("2020-01-01")),
  lits: () =>
    select(
      (literal("it's") as any).inlined().label("a"),
      (literal(new Date(0)) as any).inlined().label("b"),
      (literal("2020-02-29", date()) as any).inlined().label("c"),
      (literal(true) as any).inlined().label("d"),
      (literal(new Uint8Array([1, 255])) as any).inlined().label("e"),
      (literal(12n) as any).inlined().label("f"),
      (literal(1.5) as any).inlined().label("g"),
      (literal("1.50", numeric(4, 2)) as any).inlined().label("h"),
      (literal(new Date(0), dateTime()) as any).inlined().label("i"),
    ),
  text: () =>
    sql`SELECT ${name} FROM ${users} WHERE ${id} IN (${[1, 2]}) AND x = ${sql.identifier("My table", "size")}`,
  textin: () => select(id).where(sql`${age} % 2 = ${0}`),
  quoted: () => {
    const q = new c.Table("My Table", new c.MetaData(), {
      size: integer().primaryKey(),
      'we"ird': string(4).named("a b"),
      _x: integer(),
    });
    return select(q.c.size, q.c['we"ird'], q.c._x);
  },
};
const only = process.env.ONLY;
for (const [n, make] of Object.entries(stmts))
  test.skipIf(only !== undefined && !only.split(",").includes(n))(n, () => {
    let out: string;
    try {
      const s = make();
      const k = d.compile(s);
      const r = k.render(s, undefined, s.rows?.[0]);
      out = `${r.sql}\n      ${JSON.stringify(r.parameters, (_k, v) => (typeof v === "bigint" ? `${v}n` : v))}`;
    } catch (e) {
      out = `!! ${(e as Error).constructor.name} ${(e as Error).message}`;
      if (!(e instanceof c.AcmeError)) out += (e as Error).stack;
    }
    process.stdout.write(`${n.padEnd(10)} ${out}\n`);
  });
