import { select } from "@acme/core";
import { expect, test } from "vitest";
import { onEachDatabase } from "../testing/databases.js";
import { Base, Post, User } from "../testing/blog.js";
import { Session } from "./session.js";

onEachDatabase("a session", Base.metadata, (database) => {
  test("[SES1] writes a graph of new entities in the order of their dependencies, and reads it back", async () => {
    await using session = new Session(database.engine);
    const alice = new User({ name: "alice", posts: [new Post({ title: "one" }), new Post({ title: "two" })] });
    session.add(alice);
    await session.commit();
    expect(alice.id).toBeTypeOf("number");
    const found = await session.scalars(select(Post).where(Post.c.authorId.eq(alice.id)).orderBy(Post.c.id)).all();
    expect(found.map((post) => post.title)).toEqual(["one", "two"]);
  });
});
