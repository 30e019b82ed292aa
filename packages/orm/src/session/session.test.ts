import { delete_, func, insert, select, update } from "@acme/core";
import { expect, test } from "vitest";
import { DetachedInstanceError, ObjectDeletedError, ObjectStateError, UnmappedError } from "../errors.js";
import { load } from "../loading/lazy.js";
import { aliased } from "../mapping/aliased.js";
import { Base, Post, Tag, User } from "../testing/blog.js";
import { onEachDatabase } from "../testing/databases.js";
import { inspect } from "./inspect.js";
import { Session } from "./session.js";
import { sessionmaker } from "./sessionmaker.js";

onEachDatabase("a session", Base.metadata, (database) => {
  const add = async (...users: User[]): Promise<void> => {
    await using session = new Session(database.engine);
    session.addAll(users);
    await session.commit();
  };

  test("[SES1] [SES26] writes a graph of new entities in the order of their dependencies, and reads it back", async () => {
    await using session = new Session(database.engine);
    const alice = new User({ name: "alice", posts: [new Post({ title: "one" }), new Post({ title: "two" })] });
    session.add(alice);
    await session.commit();
    expect(alice.id).toBeTypeOf("number");
    const found = await session.scalars(select(Post).where(Post.c.authorId.eq(alice.id)).orderBy(Post.c.id)).all();
    expect(found.map((post) => post.title)).toEqual(["one", "two"]);
  });

  test("[SES13] an entity goes through its states: transient, pending, persistent, deleted, detached", async () => {
    await using session = new Session(database.engine);
    const user = new User({ name: "ann" });
    const states: string[] = [inspect(user).lifecycle];
    session.add(user);
    states.push(inspect(user).lifecycle);
    await session.flush();
    states.push(inspect(user).lifecycle);
    session.delete(user);
    await session.flush();
    states.push(inspect(user).lifecycle);
    await session.commit();
    states.push(inspect(user).lifecycle);
    expect(states).toEqual(["transient", "pending", "persistent", "deleted", "detached"]);
    expect(() => session.add(user)).toThrow(ObjectStateError);
  });

  test("[SES11] one row is one object in a session, however it is read", async () => {
    await add(new User({ name: "ann" }));
    await using session = new Session(database.engine);
    const first = await session.scalars(select(User)).one();
    const second = await session.scalars(select(User).where(User.c.name.eq("ann"))).one();
    expect(second).toBe(first);
    expect(await session.get(User, first.id)).toBe(first);
    await using other = new Session(database.engine);
    expect(await other.get(User, first.id).catch(() => undefined)).not.toBe(first);
  });

  test("[QRY2] get answers from the session without a query, and null for what is not there", async () => {
    const ann = new User({ name: "ann" });
    await add(ann);
    await using session = new Session(database.engine);
    const found = await session.get(User, ann.id);
    database.forget();
    expect(await session.get(User, ann.id)).toBe(found);
    expect(database.statements).toEqual([]);
    expect(await session.get(User, 99_999)).toBeNull();
    await expect(session.getOne(User, 99_999)).rejects.toThrow(ObjectDeletedError);
    await expect(session.get(User, [1, 2])).rejects.toThrow(/primary key of User is \(id\)/);
    await expect(session.get(User, null)).rejects.toThrow(/not null/);
  });

  test("[SES24] only the changed columns are written, and nothing when a value comes back to what it was", async () => {
    await add(new User({ name: "ann", nick: "a" }));
    await using session = new Session(database.engine);
    const ann = await session.scalars(select(User)).one();
    ann.name = "anna";
    expect(inspect(ann).changes).toEqual({ name: { from: "ann", to: "anna" } });
    expect(session.dirty).toEqual([ann]);
    database.forget();
    await session.commit();
    expect(database.statements).toHaveLength(1);
    expect(database.statements[0]).toMatch(/^UPDATE users SET name = \S+ WHERE users\.id = \S+$/);
    database.forget();
    ann.name = "x";
    ann.name = "anna";
    await session.commit();
    expect(database.statements).toEqual([]);
    expect(session.isModified(ann)).toBe(false);
  });

  test("[SES18] a query sees what was changed before it, unless automatic flushes are off", async () => {
    await using session = new Session(database.engine);
    session.add(new User({ name: "ann" }));
    expect(await session.scalar(select(func.count()).selectFrom(User))).toBe(1);
    session.add(new User({ name: "bob" }));
    const seen = await session.withoutAutoflush(() => session.scalar(select(func.count()).selectFrom(User)));
    expect(seen).toBe(1);
    expect(await session.scalar(select(func.count()).selectFrom(User))).toBe(2);
  });

  test("[SES17] values stay readable after commit; with expireOnCommit they have to be read again", async () => {
    const ann = new User({ name: "ann" });
    await add(ann);
    expect(ann.name).toBe("ann");
    await using session = new Session(database.engine, { expireOnCommit: true });
    const found = await session.getOne(User, ann.id);
    await session.commit();
    expect(() => found.name).toThrow(/User.name is expired.*refresh/);
    expect(found.id).toBe(ann.id);
    await session.refresh(found);
    expect(found.name).toBe("ann");
  });

  test("[SES16] refresh reads the row again; expire refuses to show old values", async () => {
    const ann = new User({ name: "ann" });
    await add(ann);
    await using session = new Session(database.engine);
    const found = await session.getOne(User, ann.id);
    await session.execute(update(User).set({ name: "eve" }).where(User.c.id.eq(ann.id)));
    expect(found.name).toBe("ann");
    await session.refresh(found);
    expect(found.name).toBe("eve");
    session.expire(found);
    expect(() => found.name).toThrow(/expired/);
    found.nick = "e";
    const [again] = await session.scalars(select(User)).all();
    expect(again).toBe(found);
    expect([found.name, found.nick]).toEqual(["eve", "e"]);
    await session.execute(delete_(User).where(User.c.id.eq(ann.id)));
    await expect(session.refresh(found)).rejects.toThrow(ObjectDeletedError);
  });

  test("[QRY14] populateExisting overwrites what is in the session", async () => {
    const ann = new User({ name: "ann" });
    await add(ann);
    await using session = new Session(database.engine);
    const found = await session.getOne(User, ann.id);
    await session.execute(update(User).set({ name: "eve" }));
    await session.scalars(select(User)).all();
    expect(found.name).toBe("ann");
    await session.scalars(select(User), undefined, { populateExisting: true }).all();
    expect(found.name).toBe("eve");
    expect(session.dirty).toEqual([]);
  });

  test("[SES14] expunge, expungeAll and close detach; adding again makes persistent", async () => {
    const ann = new User({ name: "ann" });
    await add(ann);
    await using session = new Session(database.engine);
    const found = await session.getOne(User, ann.id);
    session.expunge(found);
    expect([inspect(found).detached, session.has(found)]).toEqual([true, false]);
    await expect(load(found).posts).rejects.toThrow(DetachedInstanceError);
    found.name = "anna";
    session.add(found);
    await session.commit();
    session.expungeAll();
    expect(inspect(found).lifecycle).toBe("detached");
    const again = await session.getOne(User, ann.id);
    expect(again).not.toBe(found);
    expect(again.name).toBe("anna");
    expect(() => session.add(found)).toThrow(/another User with the key/);
    await session.close();
    expect(inspect(again).detached).toBe(true);
    const pending = new User({ name: "p" });
    session.add(pending);
    expect([session.new.length, inspect(pending).session === session]).toEqual([1, true]);
    session.expunge(pending);
    expect(inspect(pending).transient).toBe(true);
  });

  test("an entity belongs to one session", async () => {
    await using one = new Session(database.engine);
    const user = new User({ name: "ann" });
    one.add(user);
    const two = new Session(database.engine);
    expect(() => two.add(user)).toThrow(/belongs to another session/);
    expect(() => two.delete(user)).toThrow(ObjectStateError);
    expect(() => two.add({})).toThrow(UnmappedError);
  });

  test("[SES15] merge copies a detached graph into the session", async () => {
    const ann = new User({ name: "ann", posts: [new Post({ title: "one" })] });
    await add(ann);
    ann.name = "merged";
    await using session = new Session(database.engine);
    const merged = await session.merge(ann);
    expect(merged).not.toBe(ann);
    expect(inspect(merged).changes).toEqual({ name: { from: "ann", to: "merged" } });
    const fresh = await session.merge(new User({ name: "new" }));
    await session.commit();
    expect(await session.scalars(select(User.c.name).orderBy(User.c.id)).all()).toEqual(["merged", "new"]);
    expect(inspect(fresh).persistent).toBe(true);
    expect(await session.scalar(select(func.count()).selectFrom(Post))).toBe(1);
  });

  test("[QRY1] [QRY3] [QRY5] rows mix entities, columns and aliases, by name and as tuples", async () => {
    await add(new User({ name: "ann", reports: [new User({ name: "bob" })] }));
    await using session = new Session(database.engine);
    const boss = aliased(User, "boss");
    const statement = select(User, boss, User.c.name.label("label"), func.charLength(User.c.name).label("n"))
      .outerJoin(boss, boss.c.id.eq(User.c.managerId))
      .orderBy(User.c.name);
    const rows = await session.execute(statement).all();
    expect(rows.map((row) => [row.User.name, row.boss?.name ?? null, row.label])).toEqual([
      ["ann", null, "ann"],
      ["bob", "ann", "bob"],
    ]);
    expect(rows[1]?.boss).toBe(rows[0]?.User);
    const [first] = await session
      .execute(select(User, boss).outerJoin(User.c.manager.ofType(boss)).orderBy(User.c.name))
      .tuples();
    expect(first?.[0].name).toBe("ann");
    expect(first?.[1]).toBeNull();
    const twice = session.execute(select(User, User));
    await expect(twice.all()).rejects.toThrow(/two items named "User"/);
  });

  test("[SES40] INSERT through the session can return entities", async () => {
    await using session = new Session(database.engine);
    if (!(await session.connection()).dialect.flags.insertReturning) return;
    const statement = insert(User).values({ name: "ann" }, { name: "bob" }).returning(User);
    const made = await session.scalars(statement).all();
    expect(made.map((user) => user.name)).toEqual(["ann", "bob"]);
    expect(await session.get(User, made[0]?.id)).toBe(made[0]);
  });

  test("[QRY10] a union of entities gives entities", async () => {
    await add(new User({ name: "ann" }), new User({ name: "bob" }), new User({ name: "eve" }));
    await using session = new Session(database.engine);
    const both = select(User)
      .where(User.c.name.eq("ann"))
      .union(select(User).where(User.c.name.eq("eve")))
      .orderBy(User.c.name);
    expect((await session.scalars(both).all()).map((user) => user.name)).toEqual(["ann", "eve"]);
  });

  test("[SES2] [SES3] a sessionmaker makes sessions and runs transactions", async () => {
    const makeSession = sessionmaker(database.engine);
    await makeSession.transaction((session) => {
      session.add(new User({ name: "ann" }));
    });
    const failing = makeSession.transaction(async (session) => {
      session.add(new User({ name: "bob" }));
      await session.flush();
      throw new TypeError("no");
    });
    await expect(failing).rejects.toThrow("no");
    await using session = makeSession({ autoflush: false });
    expect(await session.scalars(select(User.c.name)).all()).toEqual(["ann"]);
  });

  test("[SES8] a session inside the transaction of a connection leaves it open, and can be rolled back with it", async () => {
    await using conn = await database.engine.connect();
    const outer = await conn.begin();
    await using session = new Session(conn);
    session.add(new User({ name: "ann" }));
    await session.commit();
    expect(await conn.execute(select(func.count()).selectFrom(User)).scalar()).toBe(1);
    await outer.rollback();
    expect(await conn.execute(select(func.count()).selectFrom(User)).scalar()).toBe(0);
  });

  test("[SES9] the connection of the session executes Core statements in its transaction", async () => {
    await using session = new Session(database.engine);
    session.add(new Tag({ name: "red" }));
    await session.flush();
    const conn = await session.connection();
    expect(await conn.execute(select(Tag.c.name)).scalars()).toEqual(["red"]);
    expect(session.inTransaction).toBe(true);
    await session.rollback();
    expect(session.inTransaction).toBe(false);
  });

  test("[SES4] begin starts the transaction, once", async () => {
    await using session = new Session(database.engine);
    await session.begin();
    await expect(session.begin()).rejects.toThrow(/open transaction/);
  });
});
