import { func, IntegrityError, NotNullViolationError, select, UniqueViolationError } from "@acme/core";
import { describe, expect, test } from "vitest";
import { PendingRollbackError } from "../errors.js";
import { isLoaded } from "../loading/lazy.js";
import { selectinload } from "../loading/option.js";
import { Base, Post, Profile, Tag, User } from "../testing/blog.js";
import { onEachDatabase } from "../testing/databases.js";
import { inspect } from "./inspect.js";
import { Session } from "./session.js";

onEachDatabase("rollback", Base.metadata, (database) => {
  const withAlice = async (session: Session) => {
    session.add(
      new User({ name: "alice", nick: "al", posts: [new Post({ title: "one" }), new Post({ title: "two" })] }),
    );
    await session.commit();
    session.expungeAll();
    return session.scalars(select(User).options(selectinload(User.c.posts))).one();
  };

  test("[SES5] puts changed columns back, flushed or not", async () => {
    await using session = new Session(database.engine);
    const alice = await withAlice(session);
    alice.name = "eve";
    await session.flush();
    alice.name = "mallory";
    alice.nick = null;
    await session.rollback();
    expect([alice.name, alice.nick]).toEqual(["alice", "al"]);
    expect(inspect(alice).modified).toBe(false);
    expect(await session.scalar(select(User.c.name))).toBe("alice");
  });

  test("[SES5] puts collections back, and what was deleted", async () => {
    await using session = new Session(database.engine);
    const alice = await withAlice(session);
    const [first, second] = alice.posts;
    alice.posts.remove(first as Post);
    alice.posts.add(new Post({ title: "three" }));
    await session.flush();
    expect(alice.posts.map((post) => post.title)).toEqual(["two", "three"]);
    expect(inspect(first as Post).deleted).toBe(true);
    session.delete(second as Post);
    await session.rollback();
    expect(alice.posts.map((post) => post.title)).toEqual(["one", "two"]);
    expect(inspect(first as Post).persistent).toBe(true);
    expect(session.has(first as Post)).toBe(true);
    expect(await session.scalar(select(func.count()).selectFrom(Post))).toBe(2);
    await session.commit();
    expect(await session.scalar(select(func.count()).selectFrom(Post))).toBe(2);
  });

  test("[SES5] what was inserted is transient again, without its generated key, and can be added anew", async () => {
    await using session = new Session(database.engine);
    const bob = new User({ name: "bob", posts: [new Post({ title: "one" })] });
    session.add(bob);
    await session.flush();
    expect(bob.id).toBeTypeOf("number");
    await session.rollback();
    expect([inspect(bob).lifecycle, bob.id]).toEqual(["transient", undefined]);
    expect(isLoaded(bob, "posts") && bob.posts.length).toBe(1);
    session.add(bob);
    await session.commit();
    expect(await session.scalars(select(Post.c.authorId)).all()).toEqual([bob.id]);
  });

  test("[SES48] a failed flush leaves the database unchanged and the session usable after rollback", async () => {
    await using session = new Session(database.engine);
    const alice = await withAlice(session);
    const bad = new Post({ title: "bad" });
    bad.title = null as unknown as string;
    alice.name = "eve";
    alice.posts.add(bad);
    await expect(session.flush()).rejects.toThrow(NotNullViolationError);
    await expect(session.scalar(select(User.c.name))).rejects.toThrow(PendingRollbackError);
    await expect(session.commit()).rejects.toThrow(/NotNullViolationError.*session\.rollback\(\)/s);
    await session.rollback();
    expect(alice.name).toBe("alice");
    expect(alice.posts).toHaveLength(2);
    expect(inspect(bad).lifecycle).toBe("transient");
    expect(await session.scalar(select(User.c.name))).toBe("alice");
    bad.title = "good";
    alice.posts.add(bad);
    await session.commit();
    expect(await session.scalar(select(func.count()).selectFrom(Post))).toBe(3);
  });

  test("a flush that fails half-way has written nothing: keys, foreign keys and identities are taken back", async () => {
    await using session = new Session(database.engine);
    const tag = new Tag({ id: 7, name: "x" });
    session.add(tag);
    await session.commit();
    const ann = new User({ name: "ann", profile: new Profile({ bio: "hi" }) });
    session.add(ann);
    await using other = new Session(database.engine);
    session.add(new Tag({ id: 7, name: "y" }));
    const failure = await session.flush().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UniqueViolationError);
    expect(failure).toBeInstanceOf(IntegrityError);
    await session.rollback();
    expect([inspect(ann).lifecycle, ann.id]).toEqual(["transient", undefined]);
    expect([...session.entities]).toEqual([tag]);
    expect(await session.scalar(select(func.count()).selectFrom(User))).toBe(0);
    void other;
  });

  test("[SES6] a savepoint is undone alone, in the database and in the entities", async () => {
    await using session = new Session(database.engine);
    const alice = await withAlice(session);
    alice.name = "outer";
    const failing = session.savepoint(async () => {
      alice.name = "inner";
      alice.posts.add(new Post({ title: "inner" }));
      await session.flush();
      throw new TypeError("inner failure");
    });
    await expect(failing).rejects.toThrow("inner failure");
    expect(alice.name).toBe("outer");
    expect(alice.posts).toHaveLength(2);
    await session.savepoint(() => {
      alice.nick = "kept";
    });
    await session.commit();
    expect(await session.execute(select(User.c.name, User.c.nick)).one()).toEqual({ name: "outer", nick: "kept" });
  });

  test("[SES6] a flush that fails in a savepoint leaves the transaction going, and an outer rollback takes all back", async () => {
    await using session = new Session(database.engine);
    const alice = await withAlice(session);
    const failing = session.savepoint(() => {
      session.add(new Post({ title: null as unknown as string, author: alice }));
    });
    await expect(failing).rejects.toThrow(NotNullViolationError);
    await session.savepoint(() => {
      alice.name = "inner";
    });
    expect(await session.scalar(select(User.c.name))).toBe("inner");
    await session.rollback();
    expect(alice.name).toBe("alice");
  });

  test("closing without commit undoes what was flushed, in the entities too", async () => {
    const session = new Session(database.engine);
    const user = new User({ name: "ann" });
    session.add(user);
    await session.flush();
    await session.close();
    expect([inspect(user).lifecycle, user.id]).toEqual(["transient", undefined]);
    await using other = new Session(database.engine);
    expect(await other.scalar(select(func.count()).selectFrom(User))).toBe(0);
  });
});

describe("words", () => {
  test("an inspection of something that is no entity is refused", () => {
    expect(() => inspect({})).toThrow(/is not an entity/);
  });
});
