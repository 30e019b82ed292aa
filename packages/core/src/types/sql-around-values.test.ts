import { describe, expect, test } from "vitest";
import { Dialect } from "../dialect.js";
import {
  BindParameter,
  decorate,
  func,
  insert,
  integer,
  literal,
  MetaData,
  type Node,
  select,
  string,
  Table,
  update,
  type ValueType,
} from "../index.js";

const KEY = literal("secret");
const secret = decorate(string(200), {
  name: "secret",
  toDatabase: (value: string) => value,
  fromDatabase: (value) => value as string,
  bindExpression: (value) => func("encrypt", value, KEY),
  columnExpression: (value) => func("decrypt", value, KEY).returns(string()),
});
const quiet = decorate(string(), {
  name: "quiet",
  toDatabase: (value: string) => value,
  fromDatabase: (value) => value as string,
  bindExpression: (value) => func("lower", value),
  columnExpression: (value) => func("upper", value),
});

const t = new Table("t", new MetaData(), { id: integer().primaryKey(), s: secret, q: quiet.nullable() });
const dialect = new Dialect();
const write = (statement: Node): string => dialect.compile(statement).sql;

describe("what a type puts around its values", () => {
  test("[TYP21] stands around placeholders in WHERE, VALUES, SET and lists, and around literals", () => {
    expect(write(select(t.c.id).where(t.c.s.eq("x")))).toBe("SELECT t.id FROM t WHERE t.s = encrypt(:s_1, :param_1)");
    expect(write(insert(t).values({ s: "x", q: "y" }))).toBe(
      "INSERT INTO t (s, q) VALUES (encrypt(:s, :param_1), lower(:q))",
    );
    expect(write(update(t).set({ q: "y" }).where(t.c.id.eq(1)))).toBe(
      "UPDATE t SET q = lower(:q_1) WHERE t.id = :id_1",
    );
    expect(write(select(t.c.id).where(t.c.q.in(["a"])))).toBe("SELECT t.id FROM t WHERE t.q IN (lower(:q_1_1))");
    expect(write(select(new BindParameter("it's", quiet, "q", false, false, true).label("q")))).toBe(
      "SELECT upper(lower('it''s')) AS q",
    );
  });

  test("[TYP21] its own parameters are sent with the statement's", () => {
    const stmt = select(t.c.s).where(t.c.s.eq("x"));
    const compiled = dialect.compile(stmt);
    expect(compiled.sql).toBe("SELECT decrypt(t.s, :param_1) FROM t WHERE t.s = encrypt(:s_1, :param_1)");
    expect(compiled.render(stmt).parameters).toEqual(["secret", "x"]);
    const many = insert(t).valuesList([
      { s: "a", q: "b" },
      { s: "c", q: "d" },
    ]);
    const template = dialect.compile(many);
    expect(template.multiRowSql(2)).toBe(
      "INSERT INTO t (s, q) VALUES (encrypt(:s, :param_1), lower(:q)), (encrypt(:s, :param_1), lower(:q))",
    );
  });

  test("[TYP21] a list of values cannot be repeated with parameters of its type's own", () => {
    expect(() => write(select(t.c.id).where(t.c.s.in(["a", "b"])))).toThrow(
      "default has no list of values of type secret, whose SQL has parameters of its own.",
    );
  });

  test("[TYP21] stands around results of the outermost query and of RETURNING alone", () => {
    const sub = select(t.c.q, t.c.id).where(t.c.q.eq("x")).subquery("sub");
    expect(write(select(sub.c.q).orderBy(sub.c.q).groupBy(sub.c.q))).toBe(
      "SELECT upper(sub.q) FROM (SELECT t.q, t.id FROM t WHERE t.q = lower(:q_1)) AS sub GROUP BY sub.q ORDER BY sub.q",
    );
    const cte = select(t.c.q).cte("c");
    expect(write(select(cte.c.q.label("v")))).toBe("WITH c AS (SELECT t.q FROM t) SELECT upper(c.q) AS v FROM c");
    expect(write(insert(t).values({ s: "x" }).returning(t.c.q))).toBe(
      "INSERT INTO t (s) VALUES (encrypt(:s, :param_1)) RETURNING upper(t.q)",
    );
    expect(write(insert(t).fromSelect(["s", "q"], select(t.c.s, t.c.q)))).toBe(
      "INSERT INTO t (s, q) SELECT t.s, t.q FROM t",
    );
    expect(write(select(t.c.q).union(select(t.c.q)))).toBe(
      "SELECT upper(anon_1.q) FROM (SELECT t.q FROM t UNION SELECT t.q FROM t) AS anon_1",
    );
  });

  test("[TYP21] an operator around a value stands in parentheses", () => {
    const marked = decorate(string(), {
      name: "marked",
      toDatabase: (value: string) => value,
      fromDatabase: (value) => value as string,
      bindExpression: (value) => (value as ReturnType<typeof literal<string>>).concat("!"),
    });
    const m = new Table("m", new MetaData(), { v: marked });
    expect(write(select(m.c.v).where(m.c.v.eq("y")))).toBe("SELECT m.v FROM m WHERE m.v = (:v_1 || :param_1)");
  });

  test("[TYP21] a decoration of a decorated type stands outside of what that one puts around bound values", () => {
    const outer = decorate(quiet, {
      name: "outer",
      toDatabase: (value: string) => value,
      fromDatabase: (value) => value as string,
      bindExpression: (value) => func("outside", value),
      columnExpression: (value) => func("inside", value),
    }) as ValueType<string>;
    const o = new Table("o", new MetaData(), { v: outer });
    expect(write(select(o.c.v).where(o.c.v.eq("y")))).toBe(
      "SELECT upper(inside(o.v)) FROM o WHERE o.v = outside(lower(:v_1))",
    );
  });
});
