import "@acme/dialect-sqlite";
import {
  boolean,
  CircularDependencyError,
  createEngine,
  delete_,
  foreignKey,
  func,
  integer,
  literal,
  select,
  string,
  update,
} from "@acme/core";
import { describe, expect, test } from "vitest";
import { FlushError, StaleDataError } from "../errors.js";
import { selectinload } from "../loading/option.js";
import { declarativeBase } from "../mapping/base.js";
import { many, one, optional } from "../relationship/definition.js";
import { inspect } from "../session/inspect.js";
import { Session } from "../session/session.js";
import { Base, Post, Profile, postTags, Tag, User } from "../testing/blog.js";
import { onEachDatabase } from "../testing/databases.js";

onEachDatabase("the unit of work", Base.metadata, (database) => {
  const verbs = (): readonly string[] =>
    database.statements.map((sql) => sql.replace(/^(\w+)( INTO| FROM)? "?(\w+)"?.*$/s, "$1 $3"));
  const count = (session: Session, entity: typeof User | typeof Post | typeof Tag | typeof Profile) =>
    session.scalar(select(func.count()).selectFrom(entity));
  const usersWithPosts = async (session: Session): Promise<void> => {
    session.add(new User({ name: "ann", posts: [new Post({ title: "a1" }), new Post({ title: "a2" })] }));
    session.add(new User({ name: "bob", posts: [new Post({ title: "b1" })] }));
    await session.commit();
    session.expungeAll();
    database.forget();
  };

  test("[SES28] new rows of one table are inserted together, and their keys come back in order", async () => {
    await using session = new Session(database.engine);
    const users = Array.from({ length: 250 }, (_, i) => new User({ name: `user ${i}` }));
    session.addAll(users);
    await session.commit();
    const rows = await session.execute(select(User.c.id, User.c.name)).tuples();
    expect(new Map(rows)).toEqual(new Map(users.map((user) => [user.id, user.name])));
    expect(rows).toHaveLength(250);
  });

  test("[SES26] tables are written in the order of their foreign keys, and deleted in reverse", async () => {
    await using session = new Session(database.engine);
    const tag = new Tag({ name: "red" });
    const post = new Post({ title: "one", tags: [tag] });
    session.add(post);
    session.add(new User({ name: "ann", posts: [post], profile: new Profile({ bio: "hi" }) }));
    await session.flush();
    const written = verbs().filter((verb) => verb.startsWith("INSERT"));
    expect(written.indexOf("INSERT users")).toBeLessThan(written.indexOf("INSERT posts"));
    expect(written.indexOf("INSERT users")).toBeLessThan(written.indexOf("INSERT profiles"));
    expect(written.indexOf("INSERT posts")).toBeLessThan(written.indexOf("INSERT post_tags"));
    database.forget();
    session.delete(post.author as User);
    await session.flush();
    const deleted = verbs().filter((verb) => verb.startsWith("DELETE"));
    expect(deleted).toContain("DELETE post_tags");
    expect(deleted.indexOf("DELETE posts")).toBeLessThan(deleted.indexOf("DELETE users"));
    expect([
      await count(session, User),
      await count(session, Post),
      await count(session, Profile),
      await count(session, Tag),
    ]).toEqual([0, 0, 0, 1]);
  });

  test("[SES30] foreign keys follow the relationship: moved, taken out, put in", async () => {
    await using session = new Session(database.engine);
    await usersWithPosts(session);
    const [ann, bob] = await session
      .scalars(select(User).orderBy(User.c.name).options(selectinload(User.c.posts)))
      .all();
    const [a1] = ann?.posts ?? [];
    bob?.posts.add(a1 as Post);
    await session.commit();
    expect((a1 as Post).authorId).toBe(bob?.id);
    expect(
      await session
        .scalars(
          select(Post.c.title)
            .where(Post.c.authorId.eq(bob?.id as number))
            .orderBy(Post.c.title),
        )
        .all(),
    ).toEqual(["a1", "b1"]);
  });

  test("a foreign key that is set by hand makes the loaded relationship unknown", async () => {
    await using session = new Session(database.engine);
    await usersWithPosts(session);
    const [ann, bob] = await session
      .scalars(select(User).orderBy(User.c.name).options(selectinload(User.c.posts)))
      .all();
    const post = ann?.posts[0] as Post;
    post.author = ann as User;
    await session.flush();
    post.authorId = (bob as User).id;
    await session.flush();
    expect(inspect(post).unloaded).toContain("author");
  });

  test("[REL15] delete-orphan deletes what is taken out; without it the foreign key becomes NULL", async () => {
    await using session = new Session(database.engine);
    const boss = new User({
      name: "boss",
      reports: [new User({ name: "ann" }), new User({ name: "bob" })],
      posts: [new Post({ title: "x" })],
    });
    session.add(boss);
    await session.commit();
    session.expungeAll();
    const found = await session
      .scalars(
        select(User)
          .where(User.c.name.eq("boss"))
          .options(selectinload(User.c.reports))
          .options(selectinload(User.c.posts)),
      )
      .one();
    found.reports.remove(found.reports[0] as User);
    found.posts.remove(found.posts[0] as Post);
    await session.commit();
    expect(await session.scalars(select(User.c.managerId).orderBy(User.c.id)).all()).toEqual([null, null, found.id]);
    expect(await count(session, Post)).toBe(0);
  });

  test("[REL15] an orphan that was never saved is let go; a replaced one-to-one partner is deleted", async () => {
    await using session = new Session(database.engine);
    const ann = new User({ name: "ann", profile: new Profile({ bio: "old" }) });
    session.add(ann);
    await session.commit();
    const draft = new Post({ title: "draft" });
    ann.posts.add(draft);
    expect(inspect(draft).pending).toBe(true);
    ann.posts.remove(draft);
    ann.profile = new Profile({ bio: "new" });
    await session.commit();
    expect(inspect(draft).transient).toBe(true);
    expect(await session.scalars(select(Profile.c.bio)).all()).toEqual(["new"]);
  });

  test("[REL15] delete takes what cascades, loading it where need be", async () => {
    await using session = new Session(database.engine);
    await usersWithPosts(session);
    const users = await session.scalars(select(User)).all();
    for (const user of users) session.delete(user);
    await session.commit();
    expect([await count(session, User), await count(session, Post)]).toEqual([0, 0]);
    // One query for the posts of both users, not one each.
    expect(verbs().filter((verb) => /^SELECT/.test(verb) && verb.includes("posts")).length).toBeLessThanOrEqual(1);
  });

  test("what merely refers to a deleted entity loses the reference, loaded or not", async () => {
    await using session = new Session(database.engine);
    session.add(new User({ name: "boss", reports: [new User({ name: "ann" }), new User({ name: "bob" })] }));
    await session.commit();
    session.expungeAll();
    const ann = await session.scalars(select(User).where(User.c.name.eq("ann"))).one();
    const boss = await session.scalars(select(User).where(User.c.name.eq("boss"))).one();
    session.delete(boss);
    await session.commit();
    expect(ann.managerId).toBeNull();
    expect(await session.scalars(select(User.c.managerId)).all()).toEqual([null, null]);
  });

  test("an entity that loses an owner which it must have is refused, and the remedy named", async () => {
    await using session = new Session(database.engine);
    await usersWithPosts(session);
    const post = await session.scalars(select(Post).where(Post.c.title.eq("a1"))).one();
    (post as { author: User | null }).author = null;
    await expect(session.flush()).rejects.toThrow(/Post.authorId cannot be NULL.*another owner/);
    await session.rollback();
    expect(post.authorId).toBeTypeOf("number");
  });

  test("[REL1] many-to-many rows are inserted and deleted once, whichever side says so", async () => {
    await using session = new Session(database.engine);
    const [red, green] = [new Tag({ name: "red" }), new Tag({ name: "green" })];
    const post = new Post({ title: "one", tags: [red], author: new User({ name: "ann" }) });
    session.add(post);
    green.posts.add(post);
    await session.commit();
    const pairs = () => session.execute(select(postTags.c.tagId)).all();
    expect(await pairs()).toHaveLength(2);
    red.posts.remove(post);
    await session.commit();
    expect(await pairs()).toEqual([{ tagId: green.id }]);
    session.delete(green);
    await session.commit();
    expect(await pairs()).toEqual([]);
  });

  test("a collection that is not loaded takes additions and removals without loading the rest", async () => {
    await using session = new Session(database.engine);
    await usersWithPosts(session);
    const ann = await session.scalars(select(User).where(User.c.name.eq("ann"))).one();
    const a1 = await session.scalars(select(Post).where(Post.c.title.eq("a1"))).one();
    database.forget();
    ann.posts.add(new Post({ title: "a3" }));
    ann.posts.remove(a1);
    await session.flush();
    expect(verbs().some((verb) => verb.startsWith("SELECT"))).toBe(false);
    const posts = await ann.posts.load();
    expect(posts.map((post) => post.title).sort()).toEqual(["a2", "a3"]);
  });

  test("additions to an unloaded collection survive its loading before the flush", async () => {
    await using session = new Session(database.engine, { autoflush: false });
    await usersWithPosts(session);
    const ann = await session.scalars(select(User).where(User.c.name.eq("ann"))).one();
    ann.posts.add(new Post({ title: "a3" }));
    const posts = await ann.posts.load();
    expect(posts.map((post) => post.title)).toEqual(["a1", "a2", "a3"]);
    await session.commit();
    expect(await count(session, Post)).toBe(4);
  });

  test("[REL5] rows of a self-referential table are written parents first and deleted children first", async () => {
    await using session = new Session(database.engine);
    const leaf = new User({ name: "leaf" });
    const root = new User({ name: "root", reports: [new User({ name: "middle", reports: [leaf] })] });
    session.add(leaf);
    session.add(root);
    await session.commit();
    expect(leaf.managerId).toBeTypeOf("number");
    for (const user of await session.scalars(select(User)).all()) session.delete(user);
    await session.commit();
    expect(await count(session, User)).toBe(0);
  });

  test("[SES35] two rows that refer to each other are written with a second UPDATE, and deleted again", async () => {
    await using session = new Session(database.engine);
    const [ann, bob] = [new User({ name: "ann" }), new User({ name: "bob" })];
    ann.manager = bob;
    bob.manager = ann;
    session.addAll([ann, bob]);
    await session.commit();
    expect([ann.managerId, bob.managerId]).toEqual([bob.id, ann.id]);
    expect(await session.execute(select(User.c.id, User.c.managerId).orderBy(User.c.id)).tuples()).toEqual([
      [ann.id, bob.id],
      [bob.id, ann.id],
    ]);
    session.delete(ann);
    session.delete(bob);
    await session.commit();
    expect(await count(session, User)).toBe(0);
  });

  test("[SES36] an UPDATE or DELETE of a row that is gone is a StaleDataError", async () => {
    await using session = new Session(database.engine);
    await usersWithPosts(session);
    const [post] = await session.scalars(select(Post)).all();
    await session.execute(delete_(Post).where(Post.c.id.eq((post as Post).id)));
    (post as Post).title = "changed";
    await expect(session.flush()).rejects.toThrow(StaleDataError);
    await session.rollback();
    await session.execute(delete_(Post).where(Post.c.id.eq((post as Post).id)));
    session.delete(post as Post);
    await expect(session.flush()).rejects.toThrow(/DELETE of 1 Post row\(s\) met 0/);
    await session.rollback();
    expect(await count(session, Post)).toBe(3);
  });

  test("[SES34] a changed primary key is written, and the identity follows", async () => {
    await using session = new Session(database.engine);
    const tag = new Tag({ id: 1, name: "red" });
    session.add(tag);
    await session.commit();
    tag.id = 2;
    await session.commit();
    expect(await session.get(Tag, 2)).toBe(tag);
    expect(await session.get(Tag, 1)).toBeNull();
  });

  test("[SES32] a SQL expression can be assigned; the value is read back", async () => {
    await using session = new Session(database.engine);
    const tag = new Tag({ name: "red" });
    session.add(tag);
    await session.commit();
    (tag as { name: unknown }).name = func.upper(Tag.c.name);
    await session.commit();
    expect(tag.name).toBe("RED");
    const other = new Tag({ name: func.lower(literal("GREEN")) as unknown as string });
    session.add(other);
    await session.commit();
    expect([other.name, typeof other.id]).toEqual(["green", "number"]);
  });

  test("entities that change different columns are written by as many statements as there are sets of columns", async () => {
    await using session = new Session(database.engine);
    session.addAll(Array.from({ length: 20 }, (_, i) => new User({ name: `u${i}` })));
    await session.commit();
    const users = await session.scalars(select(User).orderBy(User.c.id)).all();
    database.forget();
    users.forEach((user, i) => {
      if (i % 2 === 0) user.name = `changed ${i}`;
      else user.nick = `nick ${i}`;
    });
    await session.commit();
    expect(new Set(database.statements).size).toBe(2);
    expect(
      await session.execute(select(User.c.name, User.c.nick).where(User.c.id.eq((users[3] as User).id))).one(),
    ).toEqual({ name: "u3", nick: "nick 3" });
  });

  test("what only the other side of a relationship reaches is saved by flush and commit, not by an automatic flush", async () => {
    await using session = new Session(database.engine);
    await usersWithPosts(session);
    const ann = await session.scalars(select(User).where(User.c.name.eq("ann"))).one();
    const post = new Post({ title: "a3", author: ann });
    expect(await count(session, Post)).toBe(3);
    expect(inspect(post).transient).toBe(true);
    await session.commit();
    expect(inspect(post).persistent).toBe(true);
    expect(await count(session, Post)).toBe(4);
  });

  test("an UPDATE by a Core statement of the session does not disturb what is loaded", async () => {
    await using session = new Session(database.engine);
    await usersWithPosts(session);
    const ann = await session.scalars(select(User).where(User.c.name.eq("ann"))).one();
    const result = await session.execute(update(User).set({ nick: "n" }).where(User.c.id.eq(ann.id)));
    expect(result.rowCount).toBe(1);
    ann.name = "anna";
    await session.commit();
    expect(await session.execute(select(User.c.name, User.c.nick).where(User.c.id.eq(ann.id))).one()).toEqual({
      name: "anna",
      nick: "n",
    });
  });
});

const Defaults = declarativeBase();

class Item extends Defaults.define(
  "Item",
  {
    id: string(36)
      .primaryKey()
      .default(() => crypto.randomUUID()),
    title: string(40),
    active: boolean().default(true),
    state: string(10).serverDefault("new"),
    version: integer()
      .default(1)
      .onUpdate(() => 2),
    parentId: string(36)
      .nullable()
      .references(() => Item.c.id),
    parent: () => optional(Item, { backPopulates: "children" }),
    children: () => many(Item, { backPopulates: "parent" }),
    places: () => many(Place, { backPopulates: "item", cascade: "all, delete-orphan" }),
  },
  { tableName: "items" },
) {}

class Place extends Defaults.define(
  "Place",
  {
    itemId: string(36)
      .primaryKey()
      .references(() => Item.c.id),
    position: integer().primaryKey(),
    note: string(20),
    item: () => one(Item, { backPopulates: "places" }),
    marks: () => many(Mark, { backPopulates: "place", cascade: "all, delete-orphan" }),
  },
  {
    tableName: "places",
  },
) {}

class Mark extends Defaults.define(
  "Mark",
  {
    id: integer().primaryKey(),
    itemId: string(36),
    position: integer(),
    place: () => one(Place, { backPopulates: "marks" }),
  },
  {
    tableName: "marks",
    constraints: (c) => [foreignKey([c.itemId, c.position], () => [Place.c.itemId, Place.c.position])],
  },
) {}

onEachDatabase("keys and defaults", Defaults.metadata, (database) => {
  test("[MAP31] keys that the toolkit makes, composite keys, and foreign keys in them", async () => {
    await using session = new Session(database.engine);
    const id = crypto.randomUUID();
    const marked = new Place({ position: 2, note: "b", marks: [new Mark({ itemId: id, position: 2 })] });
    const item = new Item({ id, title: "one", places: [new Place({ position: 1, note: "a" }), marked] });
    session.add(item);
    await session.commit();
    session.expungeAll();
    const place = await session.getOne(
      Place,
      { itemId: item.id, position: 2 },
      { options: selectinload(Place.c.marks) },
    );
    expect([place.note, place.marks.length]).toEqual(["b", 1]);
    expect(await session.get(Place, [item.id, 2])).toBe(place);
    place.note = "changed";
    await session.commit();
    session.delete(place);
    await session.commit();
    expect(await session.scalars(select(Place.c.note)).all()).toEqual(["a"]);
  });

  test("[SES29] defaults of the toolkit and of the database are on the entity after the flush", async () => {
    await using session = new Session(database.engine);
    const [item, other] = [new Item({ title: "one" }), new Item({ title: "two", active: false, state: "old" })];
    session.addAll([item, other]);
    await session.flush();
    expect([item.active, item.state, item.version, item.id.length]).toEqual([true, "new", 1, 36]);
    expect([other.active, other.state]).toEqual([false, "old"]);
    item.title = "changed";
    await session.commit();
    expect(item.version).toBe(2);
    expect(await session.scalar(select(Item.c.version).where(Item.c.id.eq(item.id)))).toBe(2);
    expect(inspect(item).modified).toBe(false);
  });

  test("a new row whose foreign key names a new row's key by value comes after it", async () => {
    await using session = new Session(database.engine);
    session.add(new Item({ id: "child", title: "c", parentId: "parent" }));
    session.add(new Item({ id: "parent", title: "p" }));
    await session.commit();
    expect(await session.scalar(select(func.count()).selectFrom(Item))).toBe(2);
  });
});

const Circle = declarativeBase();

class Hen extends Circle.define("Hen", {
  id: integer().primaryKey(),
  eggId: integer().references(() => Egg.c.id),
  egg: () => one(Egg, { foreignKeys: Hen.c.eggId }),
}) {}

class Egg extends Circle.define("Egg", {
  id: integer().primaryKey(),
  henId: integer().references(() => Hen.c.id),
  hen: () => one(Hen, { foreignKeys: Egg.c.henId }),
}) {}

describe("[sqlite] circles", () => {
  test("a circle of rows whose foreign keys cannot be NULL is refused with a remedy", async () => {
    const engine = createEngine("sqlite://");
    await using session = new Session(engine);
    const hen = new Hen({});
    hen.egg = new Egg({ hen });
    session.add(hen);
    const failure = session.flush();
    await expect(failure).rejects.toThrow(CircularDependencyError);
    await expect(session.rollback()).resolves.toBeUndefined();
    session.add(hen);
    await expect(session.flush()).rejects.toThrow(/nullable/);
    await session.close();
    await engine.dispose();
  });

  test("a relationship that leads to an entity outside of the session is refused where nothing brings it in", async () => {
    const Lone = declarativeBase();
    class Leaf extends Lone.define("Leaf", {
      id: integer().primaryKey(),
      stemId: integer().references(() => Stem.c.id),
      stem: () => one(Stem, { cascade: "none" }),
    }) {}
    class Stem extends Lone.define("Stem", { id: integer().primaryKey() }) {}
    const engine = createEngine("sqlite://");
    await using session = new Session(engine);
    session.add(new Leaf({ stem: new Stem({}) }));
    await expect(session.flush()).rejects.toThrow(FlushError);
    await session.close();
    await engine.dispose();
  });
});
