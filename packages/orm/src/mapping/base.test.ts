import { inspect } from "node:util";
import { integer, MetaData, NoSuchColumnError, select, string, Table } from "@acme/core";
import { describe, expect, test } from "vitest";
import { MappingError } from "../errors.js";
import { many } from "../relationship/definition.js";
import { Post, Profile, Tag, User } from "../testing/blog.js";
import { declarativeBase } from "./base.js";
import { mapped } from "./mapped.js";

describe("declaring entities", () => {
  test("[MAP1] a class that extends define() has a table with the columns that were written", () => {
    expect(User.c.id.from.columns.map((column) => column.name)).toEqual(["id", "name", "nick", "managerId"]);
    expect(String(User.c.id.from)).toBe("users");
  });

  test("[MAP14] the table's name is the entity's, unless an option says otherwise", () => {
    const Base = declarativeBase();
    class Plain extends Base.define("Plain", { id: integer().primaryKey() }) {}
    class Named extends Base.define("Named", { id: integer().primaryKey() }, { tableName: "named_things" }) {}
    expect([Plain.c.id.from.name, Named.c.id.from.name]).toEqual(["Plain", "named_things"]);
    expect([...Base.metadata.tables.keys()]).toEqual(["Plain", "named_things"]);
  });

  test("[MAP2] each base has a MetaData of its own, or the one it is given", () => {
    const metadata = new MetaData();
    expect(declarativeBase({ metadata }).metadata).toBe(metadata);
    expect(declarativeBase().metadata).not.toBe(metadata);
  });

  test("[MAP44] columns at class level are expressions, and the class stands in select lists and FROM", () => {
    expect(String(select(User).where(User.c.name.eq("x")))).toBe(
      'SELECT users.id, users.name, users.nick, users."managerId" FROM users WHERE users.name = :name_1',
    );
    expect(String(select(Post.c.title).join(User))).toBe(
      'SELECT posts.title FROM posts JOIN users ON posts."authorId" = users.id',
    );
  });

  test("[MAP19] mapped() maps a class to a table that exists", () => {
    const table = new Table("people", new MetaData(), {
      id: integer().primaryKey(),
      name: string(20).named("full_name"),
    });
    class Person extends mapped("Person", table, {}) {
      shout(): string {
        return this.name.toUpperCase();
      }
    }
    expect(new Person({ name: "ann" }).shout()).toBe("ANN");
    expect(String(select(Person))).toBe("SELECT people.id, people.full_name FROM people");
  });

  test("a column or relationship that does not exist is refused by name", () => {
    expect(() => (User.c as unknown as Record<string, unknown>).nmae).toThrow(NoSuchColumnError);
    expect(() => (User.c as unknown as Record<string, unknown>).nmae).toThrow(
      /User has no column or relationship "nmae".*posts/,
    );
  });

  test("a table without primary key cannot be mapped", () => {
    const Base = declarativeBase();
    expect(() => Base.define("Log", { line: string(20) })).toThrow(MappingError);
    expect(() => Base.define("Log2", { line: string(20) })).toThrow(/no primary key/);
  });

  test("two classes of one mapping are refused", () => {
    const Base = declarativeBase();
    const Shape = Base.define("Shape", { id: integer().primaryKey() });
    class One extends Shape {}
    class Two extends Shape {}
    new One({});
    expect(() => new Two({})).toThrow(/two classes of one mapping/);
  });

  test("backPopulates that names nothing is refused", () => {
    const Base = declarativeBase();
    class Left extends Base.define("Left", {
      id: integer().primaryKey(),
      rights: () => many(Right, { backPopulates: "leff" as "left" }),
    }) {}
    class Right extends Base.define("Right", {
      id: integer().primaryKey(),
      left: integer().references(() => Left.c.id),
    }) {}
    expect(() => new Left({ rights: [new Right({})] })).toThrow(/which has no such relationship/);
  });
});

describe("instances", () => {
  test("[MAP22] the constructor takes columns and relationships; what is not given is undefined", () => {
    const user = new User({ name: "alice", posts: [new Post({ title: "hi" })] });
    expect(user).toBeInstanceOf(User);
    expect([user.id, user.name, user.nick]).toEqual([undefined, "alice", undefined]);
    expect(user.display()).toBe("alice");
  });

  test("an unknown property is refused by name", () => {
    const init = { name: "x", nmae: "y" };
    expect(() => new User(init)).toThrow(/User has no property "nmae"/);
  });

  test("an entity looks like its columns: keys, spread, JSON, equality", () => {
    const user = new User({ name: "alice", id: 1, nick: null });
    expect(Object.keys(user)).toEqual(["id", "name", "nick", "managerId"]);
    expect({ ...user }).toEqual({ id: 1, name: "alice", nick: null, managerId: undefined });
    expect(JSON.stringify(user)).toBe('{"id":1,"name":"alice","nick":null}');
    expect(user).toEqual(new User({ name: "alice", id: 1, nick: null }));
    expect(user).not.toEqual(new User({ name: "bob", id: 1, nick: null }));
    expect(structuredClone(user)).toEqual({ id: 1, name: "alice", nick: null });
  });

  test("what is loaded of the relationships is shown, without going in circles", () => {
    const user = new User({
      id: 1,
      name: "alice",
      nick: null,
      managerId: null,
      posts: [new Post({ id: 5, title: "hi" })],
    });
    expect(JSON.parse(JSON.stringify(user))).toEqual({
      id: 1,
      name: "alice",
      nick: null,
      managerId: null,
      posts: [{ id: 5, title: "hi" }],
    });
    expect(inspect(user)).toContain("User {");
    expect(inspect(user)).toContain("author: [User]");
    expect(inspect(user, { depth: Number.POSITIVE_INFINITY })).toContain("author: [User]");
  });

  test("fields and private fields of the user's class are initialised", () => {
    const Base = declarativeBase();
    class Counter extends Base.define("Counter", { id: integer().primaryKey() }) {
      #count = 3;
      visible = "x";
      next(): number {
        this.#count += 1;
        return this.#count;
      }
    }
    const counter = new Counter({});
    expect([counter.next(), counter.visible]).toEqual([4, "x"]);
  });

  test("columns of any name work", () => {
    const Base = declarativeBase();
    class Odd extends Base.define("Odd", {
      "first name": string(5).primaryKey(),
      constructor_: integer(),
      length: integer(),
      name: string(4),
    }) {}
    const odd = new Odd({ "first name": "a", constructor_: 1, length: 2, name: "n" });
    expect({ ...odd }).toEqual({ "first name": "a", constructor_: 1, length: 2, name: "n" });
    expect(Odd.name).toBe("Odd");
    expect(Odd.c.name.key).toBe("name");
  });
});

describe("relationships find their columns", () => {
  const sql = (statement: { toString(): string }): string => statement.toString().replace(/^SELECT .*? FROM/, "FROM");

  test("[REL1] one-to-many, many-to-one, one-to-one and many-to-many join by their foreign keys", () => {
    expect(sql(select(User).join(User.c.posts))).toBe('FROM users JOIN posts ON users.id = posts."authorId"');
    expect(sql(select(Post).join(Post.c.author))).toBe('FROM posts JOIN users ON posts."authorId" = users.id');
    expect(sql(select(User).join(User.c.profile))).toBe('FROM users JOIN profiles ON users.id = profiles."userId"');
    expect(sql(select(Profile).join(Profile.c.user))).toBe('FROM profiles JOIN users ON profiles."userId" = users.id');
    expect(sql(select(Post).join(Post.c.tags))).toBe(
      'FROM posts JOIN post_tags ON posts.id = post_tags."postId" JOIN tags ON post_tags."tagId" = tags.id',
    );
    expect(sql(select(Tag).outerJoin(Tag.c.posts))).toBe(
      'FROM tags LEFT OUTER JOIN post_tags ON tags.id = post_tags."tagId" LEFT OUTER JOIN posts ON post_tags."postId" = posts.id',
    );
  });
});
