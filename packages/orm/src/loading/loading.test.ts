import { func, NoSuchColumnError, select } from "@acme/core";
import { expect, test } from "vitest";
import { DetachedInstanceError, NotLoadedError } from "../errors.js";
import { aliased } from "../mapping/aliased.js";
import { Session } from "../session/session.js";
import { Base, Post, Profile, Tag, User } from "../testing/blog.js";
import { onEachDatabase } from "../testing/databases.js";
import { isLoaded, load } from "./lazy.js";
import { joinedload, selectinload } from "./option.js";

onEachDatabase("loading", Base.metadata, (database) => {
  /** Three users with three, one and no posts; the posts of the first have tags. */
  const filled = async (): Promise<Session> => {
    const session = new Session(database.engine);
    const [red, green] = [new Tag({ name: "red" }), new Tag({ name: "green" })];
    const ann = new User({ name: "ann", profile: new Profile({ bio: "hi" }) });
    ann.posts.add(
      new Post({ title: "a1", tags: [red, green] }),
      new Post({ title: "a2", tags: [green] }),
      new Post({ title: "a3" }),
    );
    session.addAll([
      ann,
      new User({ name: "bob", manager: ann, posts: [new Post({ title: "b1" })] }),
      new User({ name: "cat", manager: ann }),
    ]);
    await session.commit();
    await session.close();
    database.forget();
    return session;
  };

  test("[LOAD6] reading an unloaded relationship throws an error that names the fix, and asks nothing", async () => {
    await using session = await filled();
    const [ann] = await session.scalars(select(User).orderBy(User.c.name)).all();
    const [post] = await session.scalars(select(Post).orderBy(Post.c.id)).all();
    const asked = database.statements.length;
    const posts = ann?.posts as unknown as Post[];
    expect(() => (post as unknown as { author: User }).author.name).toThrow(NotLoadedError);
    expect(() => post?.author).toThrow(
      /Post.author is not loaded\. Load it with the query: \.options\(selectinload\(Post\.c\.author\)\), or now: await load\(entity\)\.author/,
    );
    expect(() => posts.map((each) => each.title)).toThrow(NotLoadedError);
    expect(() => posts.length).toThrow(/User.posts is not loaded/);
    expect(() => posts[0]).toThrow(NotLoadedError);
    expect(() => [...posts]).toThrow(NotLoadedError);
    expect(JSON.parse(JSON.stringify(ann))).toEqual({ id: ann?.id, name: "ann", nick: null, managerId: null });
    expect(database.statements).toHaveLength(asked);
    expect(isLoaded(ann as User, "posts")).toBe(false);
  });

  test("[LOAD3] [LOAD17] selectinload loads each level by one query", async () => {
    await using session = await filled();
    const users = await session
      .scalars(
        select(User)
          .orderBy(User.c.name)
          .options(selectinload(User.c.posts).and(selectinload(Post.c.tags)))
          .options(selectinload(User.c.profile)),
      )
      .all();
    expect(database.statements).toHaveLength(4);
    expect(users.map((user) => user.posts.map((post) => post.title))).toEqual([["a1", "a2", "a3"], ["b1"], []]);
    expect(users[0]?.posts.map((post) => post.tags.map((tag) => tag.name))).toEqual([["green", "red"], ["green"], []]);
    expect(users.map((user) => user.profile?.bio ?? null)).toEqual(["hi", null, null]);
  });

  test("[LOAD3] selectinload asks for at most 500 keys a query, and not for those in the session", async () => {
    await using session = await filled();
    session.addAll(
      Array.from({ length: 1100 }, (_, i) => new User({ name: `u${i}`, posts: [new Post({ title: `p${i}` })] })),
    );
    await session.commit();
    session.expungeAll();
    database.forget();
    const users = await session.scalars(select(User).options(selectinload(User.c.posts))).all();
    expect(database.statements).toHaveLength(1 + 3);
    expect(users.flatMap((user) => [...user.posts])).toHaveLength(1104);
    database.forget();
    const posts = await session.scalars(select(Post).options(selectinload(Post.c.author))).all();
    expect(database.statements).toHaveLength(1);
    expect(posts.every((post) => post.author.id === post.authorId)).toBe(true);
  });

  test("[LOAD2] joinedload loads the one side by a join in the same query", async () => {
    await using session = await filled();
    const posts = await session
      .scalars(
        select(Post)
          .orderBy(Post.c.id)
          .options(joinedload(Post.c.author).and(joinedload(User.c.manager))),
      )
      .all();
    expect(database.statements).toHaveLength(1);
    expect(posts.map((post) => [post.title, post.author.name, post.author.manager?.name ?? null])).toEqual([
      ["a1", "ann", null],
      ["a2", "ann", null],
      ["a3", "ann", null],
      ["b1", "bob", "ann"],
    ]);
    expect(posts[0]?.author).toBe(posts[1]?.author);
  });

  test("[LOAD2] [QRY12] a joined collection gives each owner once, with its members in order", async () => {
    await using session = await filled();
    const users = await session
      .scalars(
        select(User)
          .orderBy(User.c.name)
          .options(joinedload(User.c.posts).and(joinedload(Post.c.tags))),
      )
      .all();
    expect(database.statements).toHaveLength(1);
    expect(users.map((user) => [user.name, user.posts.map((post) => post.title)])).toEqual([
      ["ann", ["a1", "a2", "a3"]],
      ["bob", ["b1"]],
      ["cat", []],
    ]);
    expect(users[0]?.posts[0]?.tags.map((tag) => tag.name)).toEqual(["green", "red"]);
  });

  test("[LOAD2] LIMIT counts entities although a collection is joined", async () => {
    await using session = await filled();
    const statement = select(User).orderBy(User.c.name.desc()).limit(2).offset(1).options(joinedload(User.c.posts));
    const users = await session.scalars(statement).all();
    expect(users.map((user) => [user.name, user.posts.length])).toEqual([
      ["bob", 1],
      ["ann", 3],
    ]);
    expect(database.statements).toHaveLength(1);
    const rows = await session
      .execute(select(User, User.c.name.label("label")).orderBy(User.c.id).limit(1).options(joinedload(User.c.posts)))
      .all();
    expect(rows.map((row) => [row.User.name, row.label])).toEqual([["ann", "ann"]]);
  });

  test("[LOAD14] selectin under joined and joined under selectin", async () => {
    await using session = await filled();
    const posts = await session
      .scalars(
        select(Post)
          .orderBy(Post.c.id)
          .options(joinedload(Post.c.author).and(selectinload(User.c.reports))),
      )
      .all();
    expect(posts[0]?.author.reports.map((user) => user.name).sort()).toEqual(["bob", "cat"]);
    session.expungeAll();
    database.forget();
    const users = await session
      .scalars(
        select(User)
          .orderBy(User.c.name)
          .options(selectinload(User.c.posts).and(joinedload(Post.c.tags))),
      )
      .all();
    expect(database.statements).toHaveLength(2);
    expect(users[0]?.posts.map((post) => post.tags.length)).toEqual([2, 1, 0]);
  });

  test("[LOAD1] awaited lazy loads of one turn of the event loop are one query", async () => {
    await using session = await filled();
    const users = await session.scalars(select(User).orderBy(User.c.name)).all();
    database.forget();
    const collections = await Promise.all(users.map((user) => load(user).posts));
    expect(database.statements).toHaveLength(1);
    expect(collections.map((posts) => posts.length)).toEqual([3, 1, 0]);
    database.forget();
    const names = await Promise.all(
      users.map(async (user) => {
        const posts = await load(user).posts;
        const tags = await Promise.all(posts.map((post) => load(post).tags));
        return tags.map((list) => list.length);
      }),
    );
    expect(names).toEqual([[2, 1, 0], [0], []]);
    expect(database.statements).toHaveLength(1);
  });

  test("[LOAD1] a many-to-one comes from the identity map when it can", async () => {
    await using session = await filled();
    await session.scalars(select(User)).all();
    const posts = await session.scalars(select(Post).orderBy(Post.c.id)).all();
    database.forget();
    const authors = await Promise.all(posts.map((post) => load(post).author));
    expect(database.statements).toEqual([]);
    expect(authors.map((user) => user.name)).toEqual(["ann", "ann", "ann", "bob"]);
  });

  test("a lazy load that is asked for while the session works waits for its turn", async () => {
    await using session = await filled();
    const [ann] = await session.scalars(select(User).orderBy(User.c.name)).all();
    const [posts, count] = await Promise.all([
      load(ann as User).posts,
      session.scalar(select(func.count()).selectFrom(User)),
    ]);
    expect([posts.length, count]).toEqual([3, 3]);
  });

  test("session.load loads options of an entity that is there; get takes options", async () => {
    await using session = await filled();
    const ann = await session.scalars(select(User).where(User.c.name.eq("ann"))).one();
    const loaded = await session.load(ann, selectinload(User.c.posts).and(selectinload(Post.c.tags)));
    expect(loaded).toBe(ann);
    expect(loaded.posts.flatMap((post) => post.tags.map((tag) => tag.name))).toHaveLength(3);
    const again = await session.getOne(User, ann.id, { options: selectinload(User.c.reports) });
    expect(again.reports).toHaveLength(2);
    if (isLoaded(ann, "reports")) expect(ann.reports).toHaveLength(2);
  });

  test("refresh loads what is loaded again", async () => {
    await using session = await filled();
    const ann = await session
      .scalars(select(User).where(User.c.name.eq("ann")).options(selectinload(User.c.posts)))
      .one();
    await using other = new Session(database.engine);
    other.add(new Post({ title: "a4", authorId: ann.id } as ConstructorParameters<typeof Post>[0]));
    await session.commit();
    await other.commit();
    await session.refresh(ann);
    expect(ann.posts).toHaveLength(4);
  });

  test("what is detached cannot be loaded, and the error says so", async () => {
    const session = await filled();
    const [ann] = await session.scalars(select(User)).all();
    await session.close();
    await expect(load(ann as User).posts).rejects.toThrow(DetachedInstanceError);
    await expect(load(new User({ name: "x" })).manager).rejects.toThrow(/transient.*Add it to a session/);
    expect(() => load(ann as User as unknown as { nope: never }).nope).toThrow(/has no relationship "nope"/);
  });

  test("[LOAD22] an option that does not suit the query is refused by name", async () => {
    await using session = await filled();
    await expect(session.scalars(select(Post).options(selectinload(User.c.posts))).all()).rejects.toThrow(
      /selectinload\(User\.c\.posts\) speaks of User, which the query does not select/,
    );
    const wrong = selectinload(User.c.reports) as never;
    expect(() => selectinload(User.c.posts).and(wrong)).toThrow(/cannot follow/);
    expect(() => selectinload(User.c.name as never)).toThrow(/takes a relationship/);
  });

  test("[QRY6] joins along relationships", async () => {
    await using session = await filled();
    const titles = await session
      .scalars(select(Post.c.title).join(Post.c.author).where(User.c.name.eq("ann")).orderBy(Post.c.title))
      .all();
    expect(titles).toEqual(["a1", "a2", "a3"]);
    const tagged = await session
      .scalars(select(Tag.c.name).join(Tag.c.posts).where(Post.c.title.eq("a1")).orderBy(Tag.c.name))
      .all();
    expect(tagged).toEqual(["green", "red"]);
    const rows = await session
      .execute(select(User, Post).outerJoin(User.c.posts).orderBy(User.c.name, Post.c.title))
      .all();
    expect(rows.map((row) => [row.User.name, row.Post?.title ?? null])).toEqual([
      ["ann", "a1"],
      ["ann", "a2"],
      ["ann", "a3"],
      ["bob", "b1"],
      ["cat", null],
    ]);
    const boss = aliased(User, "boss");
    const pairs = await session
      .execute(select(User.c.name, boss.c.name.label("boss")).join(User.c.manager.ofType(boss)).orderBy(User.c.name))
      .tuples();
    expect(pairs).toEqual([
      ["bob", "ann"],
      ["cat", "ann"],
    ]);
  });

  test("[REL33] [REL35] [QRY19] any, has, contains and comparison with an entity are conditions", async () => {
    await using session = await filled();
    const names = (condition: ReturnType<typeof User.c.name.eq>) =>
      session.scalars(select(User.c.name).where(condition).orderBy(User.c.name)).all();
    const ann = await session.scalars(select(User).where(User.c.name.eq("ann"))).one();
    const [a1] = await session.scalars(select(Post).where(Post.c.title.eq("a1"))).all();
    const [red] = await session.scalars(select(Tag).where(Tag.c.name.eq("red"))).all();
    expect(await names(User.c.posts.any())).toEqual(["ann", "bob"]);
    expect(await names(User.c.posts.any(Post.c.title.like("b%")))).toEqual(["bob"]);
    expect(await names(User.c.posts.any().not())).toEqual(["cat"]);
    expect(await names(User.c.posts.contains(a1 as Post))).toEqual(["ann"]);
    expect(await names(User.c.manager.has(User.c.name.eq("ann")))).toEqual(["bob", "cat"]);
    expect(await names(User.c.reports.any(User.c.name.eq("cat")))).toEqual(["ann"]);
    expect(await names(User.c.manager.eq(ann))).toEqual(["bob", "cat"]);
    expect(await names(User.c.manager.ne(ann))).toEqual(["ann"]);
    expect(await names(User.c.manager.eq(null))).toEqual(["ann"]);
    expect(await names(User.c.manager.ne(null))).toEqual(["bob", "cat"]);
    expect(await names(User.c.profile.eq(null))).toEqual(["bob", "cat"]);
    const titles = await session.scalars(select(Post.c.title).where(Post.c.tags.contains(red as Tag))).all();
    expect(titles).toEqual(["a1"]);
    expect(
      await session
        .scalars(
          select(Post.c.title)
            .where(Post.c.tags.any(Tag.c.name.eq("green")))
            .orderBy(Post.c.title),
        )
        .all(),
    ).toEqual(["a1", "a2"]);
    expect(() => User.c.manager.eq(new User({ name: "x" }))).toThrow(/has no key yet/);
  });

  test("[REL13] a collection is loaded in the order of its relationship", async () => {
    await using session = await filled();
    const post = await session.scalars(select(Post).where(Post.c.title.eq("a1"))).one();
    expect((await load(post).tags).map((tag) => tag.name)).toEqual(["green", "red"]);
  });

  test("a misspelt column is refused by name", () => {
    expect(() => (User.c as unknown as { posst: unknown }).posst).toThrow(NoSuchColumnError);
  });
});
