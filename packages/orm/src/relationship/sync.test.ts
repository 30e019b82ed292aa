import { ArgumentError } from "@acme/core";
import { describe, expect, test } from "vitest";
import type { LoadedCollection } from "../mapping/types.js";
import { Post, Profile, Tag, User } from "../testing/blog.js";

/** A collection as an array: new entities have theirs loaded. */
function list<E>(collection: unknown): LoadedCollection<E> {
  return collection as LoadedCollection<E>;
}

describe("[REL3] [REL24] both sides of a relationship are kept in step at once", () => {
  test("assigning the one side fills the collection", () => {
    const alice = new User({ name: "alice" });
    const post = new Post({ title: "hi", author: alice });
    expect([...list(alice.posts)]).toEqual([post]);
  });

  test("adding to the collection sets the one side, and taking out clears it", () => {
    const alice = new User({ name: "alice" });
    const post = new Post({ title: "hi" });
    alice.posts.add(post);
    expect(post.author).toBe(alice);
    alice.posts.remove(post);
    expect(post.author).toBeNull();
    expect(list(alice.posts)).toHaveLength(0);
  });

  test("an entity moves from one owner to another, whichever side says so", () => {
    const [alice, bob] = [new User({ name: "alice" }), new User({ name: "bob" })];
    const post = new Post({ title: "hi", author: alice });
    bob.posts.add(post);
    expect([list(alice.posts).length, list(bob.posts).length, post.author]).toEqual([0, 1, bob]);
    post.author = alice;
    expect([list(alice.posts).length, list(bob.posts).length, post.author]).toEqual([1, 0, alice]);
  });

  test("one-to-one: the former partners on both sides are let go", () => {
    const [alice, bob] = [new User({ name: "alice" }), new User({ name: "bob" })];
    const [a, b] = [new Profile({ bio: "a", user: alice }), new Profile({ bio: "b", user: bob })];
    expect([alice.profile, bob.profile]).toEqual([a, b]);
    a.user = bob;
    expect([alice.profile, bob.profile, a.user, b.user]).toEqual([null, a, bob, null]);
    alice.profile = b;
    expect([alice.profile, b.user]).toEqual([b, alice]);
    alice.profile = null;
    expect(b.user).toBeNull();
  });

  test("many-to-many: both collections", () => {
    const [red, green] = [new Tag({ name: "red" }), new Tag({ name: "green" })];
    const post = new Post({ title: "hi", tags: [red] });
    green.posts.add(post);
    expect([...list<Tag>(post.tags)]).toEqual([red, green]);
    post.tags.remove(red);
    expect(list(red.posts)).toHaveLength(0);
  });

  test("[REL5] an entity related to its own kind", () => {
    const boss = new User({ name: "boss" });
    const ann = new User({ name: "ann", manager: boss });
    expect([...list<User>(boss.reports)]).toEqual([ann]);
    boss.reports.remove(ann);
    expect(ann.manager).toBeNull();
  });
});

describe("collections", () => {
  test("[REL25] a collection is an array to read, and an entity is in it once", () => {
    const alice = new User({ name: "alice" });
    const [a, b] = [new Post({ title: "a" }), new Post({ title: "b" })];
    alice.posts.add(a, b, a);
    const posts = list<Post>(alice.posts);
    expect(Array.isArray(posts)).toBe(true);
    expect(posts).toEqual([a, b]);
    expect(posts.map((post) => post.title)).toEqual(["a", "b"]);
    expect(posts.map((post) => post.title).constructor).toBe(Array);
    expect(posts.includes(b)).toBe(true);
    expect([...posts].length).toBe(2);
  });

  test("methods that change an array do what add and remove do", () => {
    const alice = new User({ name: "alice" });
    const [a, b, c] = [new Post({ title: "a" }), new Post({ title: "b" }), new Post({ title: "c" })];
    const posts = alice.posts as unknown as Post[];
    posts.push(a, b);
    expect(a.author).toBe(alice);
    expect(posts.pop()).toBe(b);
    expect(b.author).toBeNull();
    posts.splice(0, 1, b, c);
    expect([a.author, b.author, c.author]).toEqual([null, alice, alice]);
  });

  test("[REL31] assigning a list replaces the content", () => {
    const alice = new User({ name: "alice" });
    const [a, b, c] = [new Post({ title: "a" }), new Post({ title: "b" }), new Post({ title: "c" })];
    alice.posts.add(a, b);
    list<Post>(alice.posts).replace([b, c]);
    expect([a.author, b.author, c.author]).toEqual([null, alice, alice]);
    (alice as { posts: unknown }).posts = [a];
    expect([...list(alice.posts)]).toEqual([a]);
  });

  test("entities of another class are refused, and nothing is changed", () => {
    const alice = new User({ name: "alice" });
    expect(() => alice.posts.add(new Tag({ name: "x" }) as unknown as Post)).toThrow(ArgumentError);
    expect(() => alice.posts.add({} as Post)).toThrow(/User.posts takes Post entities/);
    expect(() => {
      (alice as { posts: unknown }).posts = new Post({ title: "x" });
    }).toThrow(/takes a list/);
    expect(list(alice.posts)).toHaveLength(0);
  });

  test("a large collection stays quick to add to", () => {
    const alice = new User({ name: "alice" });
    const posts = Array.from({ length: 5000 }, (_, i) => new Post({ title: `${i}` }));
    alice.posts.add(...posts);
    alice.posts.remove(...posts.slice(0, 4990));
    expect([...list(alice.posts)]).toEqual(posts.slice(4990));
  });
});
