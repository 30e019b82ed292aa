import { describe, expect, test } from "vitest";
import { Dialect, type DialectFlags, STANDARD_FLAGS } from "../dialect.js";
import { CompileError, integer, MetaData, type Node, select, Table } from "../index.js";
import { users } from "../sql/test-schema.js";

/** A database that allows identifiers of 16 characters. */
class Terse extends Dialect {
  override readonly name: string = "terse";
  override readonly flags: DialectFlags = { ...STANDARD_FLAGS, maxIdentifierLength: 16 };
}
const sqlOf = (node: Node): string => new Terse().compile(node).sql;
const { id, name, age } = users.c;

describe("names that are too long for the database", () => {
  test("[CMP22] labels are cut and numbered, so that two that begin alike stay two", () => {
    const stmt = select(id.label("number_of_the_first"), age.label("number_of_the_second"), name.label("short"));
    expect(sqlOf(stmt)).toBe(
      "SELECT users.id AS number_of_the__1, users.age AS number_of_the__2, users.name AS short FROM users",
    );
    expect(new Terse().compile(stmt).resultColumns?.map((column) => column.key)).toEqual([
      "number_of_the_first",
      "number_of_the_second",
      "short",
    ]);
  });

  test("[CMP22] a cut label has one name wherever the statement refers to it", () => {
    const long = age.label("the_age_of_the_person");
    const sub = select(id, long).orderBy(long.desc()).subquery("sub");
    expect(sqlOf(select(sub.c.the_age_of_the_person).where(sub.c.the_age_of_the_person.gt(1)))).toBe(
      "SELECT sub.the_age_of_the_1 FROM (SELECT users.id, users.age AS the_age_of_the_1 FROM users" +
        " ORDER BY the_age_of_the_1 DESC) AS sub WHERE sub.the_age_of_the_1 > :the_age_of_the_person_1",
    );
    const tree = select(id, long).cte("tree", { recursive: true });
    expect(sqlOf(select(tree.alias("t").c.the_age_of_the_person))).toBe(
      "WITH RECURSIVE tree(id, the_age_of_the_1) AS (SELECT users.id, users.age AS the_age_of_the_1 FROM users)" +
        " SELECT t.the_age_of_the_1 FROM tree AS t",
    );
    expect(sqlOf(select(long).union(select(id)).orderBy(long))).toBe(
      "SELECT users.age AS the_age_of_the_1 FROM users UNION SELECT users.id FROM users ORDER BY the_age_of_the_1",
    );
  });

  test("[CMP22] names of the database itself are refused instead", () => {
    const table = new Table("t", new MetaData(), { aVeryLongColumnName: integer() });
    expect(() => sqlOf(select(table.c.aVeryLongColumnName))).toThrow(CompileError);
    expect(() => sqlOf(select(table.alias("u").c.aVeryLongColumnName))).toThrow("allows 16");
  });
});
