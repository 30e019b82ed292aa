import {
  type AnyTable,
  type Column,
  type Decimal,
  type Executable,
  func,
  insert,
  integer,
  MetaData,
  numeric,
  type Predicate,
  select,
  string,
  Table,
  update,
} from "@acme/core";
import { describe, expectTypeOf, test } from "vitest";
import {
  aliased,
  type Collection,
  declarativeBase,
  joinedload,
  type LoadedCollection,
  load,
  many,
  mapped,
  type NotLoaded,
  one,
  type RelationshipAttribute,
  type Session,
  selectinload,
} from "../index.js";
import { Post, type Profile, Tag, User } from "../testing/blog.js";

declare const session: Session;
declare function rowOf<R, P>(statement: Executable<R, P>): R;
declare function tupleOf<R, P>(statement: Executable<R, P>): P;
/** The type of what a function would return; the function is never called. */
type Made<F extends () => unknown> = Awaited<ReturnType<F>>;

const Base = declarativeBase();
class Invoice extends Base.define("Invoice", {
  id: integer().primaryKey(),
  net: numeric(10, 2),
  tax: numeric(10, 2).default("0.00"),
  gross: numeric(10, 2).computed("net + tax"),
  status: string(10).$type<"open" | "paid">(),
}) {}

describe("classes", () => {
  test("[TYPG4] at class level columns are expressions and relationships attributes, with the entity's name as their source", () => {
    expectTypeOf<(typeof User)["c"]["name"]>().toEqualTypeOf<Column<string, "User", "name">>();
    expectTypeOf<(typeof User)["c"]["nick"]>().toEqualTypeOf<Column<string | null, "User", "nick">>();
    expectTypeOf<(typeof User)["c"]["posts"]>().toEqualTypeOf<
      RelationshipAttribute<"User", "posts", Post, "Post", "many">
    >();
    expectTypeOf<(typeof User)["c"]["manager"]>().toEqualTypeOf<
      RelationshipAttribute<"User", "manager", User, "User", "optional">
    >();
    expectTypeOf<(typeof Profile)["c"]["user"]>().toEqualTypeOf<
      RelationshipAttribute<"Profile", "user", User, "User", "one">
    >();
    expectTypeOf<(typeof Tag)["c"]["posts"]>().toEqualTypeOf<
      RelationshipAttribute<"Tag", "posts", Post, "Post", "many">
    >();
  });

  test("[TYPG5] constructor arguments, exactly", () => {
    type Init<C extends abstract new (...args: never) => unknown> = {
      [K in keyof ConstructorParameters<C>[0]]: ConstructorParameters<C>[0][K];
    };
    expectTypeOf<Init<typeof Post>>().toEqualTypeOf<{
      title: string;
      id?: number;
      authorId?: number;
      author?: User;
      tags?: readonly Tag[];
    }>();
    expectTypeOf<Init<typeof Profile>>().toEqualTypeOf<{ bio: string; id?: number; userId?: number; user?: User }>();
    expectTypeOf<Init<typeof Invoice>["net"]>().toEqualTypeOf<Decimal | number | bigint>();
    expectTypeOf<Init<typeof Invoice>["status"]>().toEqualTypeOf<"open" | "paid">();
    const refused = () => {
      // @ts-expect-error not one of the two
      new Invoice({ net: 1, status: "lost" });
      // @ts-expect-error net is missing
      new Invoice({ status: "open" });
    };
    expectTypeOf(refused).toBeFunction();
  });

  test("[TYPG4] properties can be set to what they hold", () => {
    const accepted = (user: User, post: Post, invoice: Invoice) => {
      user.nick = null;
      user.manager = user;
      user.manager = null;
      post.author = user;
      invoice.net = "1.50";
      user.posts.add(post, new Post({ title: "x" }));
      user.posts.remove(post);
    };
    const refused = (user: User, post: Post, invoice: Invoice) => {
      // @ts-expect-error a post has an author
      post.author = null;
      // @ts-expect-error of another class
      user.posts.add(user);
      // @ts-expect-error a decimal is text
      invoice.net = 1.5;
      // @ts-expect-error not one of the two
      invoice.status = "lost";
    };
    expectTypeOf(accepted).toBeFunction();
    expectTypeOf(refused).toBeFunction();
  });

  test("entities refer to each other and to themselves in any order, from within functions too", () => {
    const make = () => {
      const Local = declarativeBase();
      class Node extends Local.define("Node", {
        id: integer().primaryKey(),
        parentId: integer()
          .nullable()
          .references(() => Node.c.id),
        children: () => many(Node, { backPopulates: "parent" }),
        parent: () => one(Node, { backPopulates: "children" }),
        leaf: () => one(Leaf),
      }) {}
      class Leaf extends Local.define("Leaf", {
        id: integer().primaryKey(),
        nodeId: integer().references(() => Node.c.id),
        node: () => one(Node, { backPopulates: "leaf" }),
      }) {}
      const reads = (node: Node) => [node.children, node.parent, node.leaf] as const;
      type Read = ReturnType<typeof reads>;
      expectTypeOf<Read[0]>().toEqualTypeOf<Collection<Node>>();
      expectTypeOf<Read[1]>().toEqualTypeOf<Node | NotLoaded<Node>>();
      expectTypeOf<Read[2]>().toEqualTypeOf<Leaf | NotLoaded<Leaf>>();
      return Leaf;
    };
    expectTypeOf(make).toBeFunction();
  });
});

describe("rows", () => {
  test("[TYPG2] of entities and columns, by name and as tuples", () => {
    const made = () => select(User, Post.c.title).join(User.c.posts);
    expectTypeOf(() => rowOf(made())).returns.toEqualTypeOf<{ User: User; title: string }>();
    expectTypeOf(() => tupleOf(made())).returns.toEqualTypeOf<[User, string]>();
    const outer = () => select(User, Post.c.title, Post).outerJoin(User.c.posts);
    expectTypeOf(() => rowOf(outer())).returns.toEqualTypeOf<{ User: User; title: string | null; Post: Post | null }>();
    expectTypeOf(() => tupleOf(outer())).returns.toEqualTypeOf<[User, string | null, Post | null]>();
    const explicit = () => select(User.c.name, Post.c.id.label("post")).outerJoin(Post, Post.c.authorId.eq(User.c.id));
    expectTypeOf(() => rowOf(explicit())).returns.toEqualTypeOf<{ name: string; post: number | null }>();
  });

  test("[TYPG3] methods of the class are there, and what execute, scalars, scalar and get give", () => {
    const all = () => session.scalars(select(User)).all();
    expectTypeOf<Made<typeof all>>().toEqualTypeOf<User[]>();
    expectTypeOf<Made<typeof all>[number]["display"]>().toEqualTypeOf<() => string>();
    const only = () => session.scalars(select(User)).one();
    expectTypeOf<Made<typeof only>>().toEqualTypeOf<User>();
    const names = () => session.scalars(select(User.c.nick)).all();
    expectTypeOf<Made<typeof names>>().toEqualTypeOf<(string | null)[]>();
    const scalar = () => session.scalar(select(func.max(Post.c.id)));
    expectTypeOf<Made<typeof scalar>>().toEqualTypeOf<number | null | undefined>();
    const rows = () => session.execute(select(User, Tag)).all();
    expectTypeOf<Made<typeof rows>>().toEqualTypeOf<{ User: User; Tag: Tag }[]>();
    const got = () => session.get(Post, 1);
    expectTypeOf<Made<typeof got>>().toEqualTypeOf<Post | null>();
    const certain = () => session.getOne(Post, 1);
    expectTypeOf<Made<typeof certain>>().toEqualTypeOf<Post>();
  });

  test("[TYPG2] of subqueries, CTEs, unions and aggregates over entities' columns", () => {
    const counted = select(Post.c.authorId, func.count().label("n")).groupBy(Post.c.authorId).subquery("counted");
    const made = () => rowOf(select(User, counted.c.n).outerJoin(counted, counted.c.authorId.eq(User.c.id)));
    expectTypeOf(made).returns.toEqualTypeOf<{ User: User; n: number | null }>();
    const long = select(Post.c.id, Post.c.title).where(Post.c.title.like("%long%")).cte("long");
    expectTypeOf(() => rowOf(select(long.c.title))).returns.toEqualTypeOf<{ title: string }>();
    const union = () => tupleOf(select(User.c.name).union(select(Tag.c.name)));
    expectTypeOf(union).returns.toEqualTypeOf<[string]>();
    const refused = () => {
      // @ts-expect-error text beside a number
      select(User.c.id).union(select(Tag.c.name));
      // @ts-expect-error the subquery has no such column
      counted.c.title;
    };
    expectTypeOf(refused).toBeFunction();
  });

  test("of aliases: the same entity, null where an outer join may find none", () => {
    const boss = aliased(User, "boss");
    expectTypeOf<(typeof boss)["c"]["name"]>().toEqualTypeOf<Column<string, "boss", "name">>();
    expectTypeOf<(typeof boss)["c"]["posts"]>().toEqualTypeOf<
      RelationshipAttribute<"boss", "posts", Post, "Post", "many">
    >();
    const made = () => rowOf(select(User, boss, boss.c.nick.label("bossNick")).outerJoin(User.c.manager.ofType(boss)));
    expectTypeOf(made).returns.toEqualTypeOf<{ User: User; boss: User | null; bossNick: string | null }>();
    const inner = () => tupleOf(select(boss).join(User, User.c.managerId.eq(boss.c.id)));
    expectTypeOf(inner).returns.toEqualTypeOf<[User]>();
    const refused = () => {
      // @ts-expect-error an alias of another entity
      User.c.manager.ofType(aliased(Post, "p"));
    };
    expectTypeOf(refused).toBeFunction();
  });
});

describe("what options load", () => {
  test("[TYPG3] a collection becomes an array, a reference the entity, null where there may be none", () => {
    const posts = () => session.scalars(select(User).options(selectinload(User.c.posts))).one();
    expectTypeOf<Made<typeof posts>>().toEqualTypeOf<User & { readonly posts: LoadedCollection<Post, Post> }>();
    expectTypeOf<Made<typeof posts>["posts"][number]>().toEqualTypeOf<Post>();
    const author = () => session.scalars(select(Post).options(joinedload(Post.c.author))).one();
    expectTypeOf<Made<typeof author>>().toEqualTypeOf<Post & { readonly author: User }>();
    const manager = () => session.scalars(select(User).options(joinedload(User.c.manager))).one();
    expectTypeOf<Made<typeof manager>>().toEqualTypeOf<User & { readonly manager: User | null }>();
  });

  test("[TYPG3] over several levels, several options, and many-to-many", () => {
    const deep = () =>
      session
        .scalars(
          select(User).options(
            selectinload(User.c.posts).and(joinedload(Post.c.author)).and(selectinload(Post.c.tags)),
          ),
        )
        .one();
    type Loaded = Made<typeof deep>["posts"][number];
    expectTypeOf<Loaded["author"]["name"]>().toEqualTypeOf<string>();
    expectTypeOf<Loaded["tags"][number]["name"]>().toEqualTypeOf<string>();
    const both = () =>
      session
        .execute(
          select(User, Post).join(User.c.posts).options(selectinload(Post.c.tags)).options(joinedload(User.c.profile)),
        )
        .one();
    expectTypeOf<Made<typeof both>["Post"]["tags"]["length"]>().toEqualTypeOf<number>();
    expectTypeOf<NonNullable<Made<typeof both>["User"]["profile"]>["bio"]>().toEqualTypeOf<string>();
    const refused = async () => {
      const user = await deep();
      // @ts-expect-error the posts of the author were not loaded
      user.posts[0]?.author.posts.length;
      // @ts-expect-error the profile was not loaded
      user.profile?.bio;
      // @ts-expect-error a loaded collection is changed by add and remove
      user.posts.push(new Post({ title: "x" }));
    };
    expectTypeOf(refused).toBeFunction();
  });

  test("[TYPG3] a loaded entity is still accepted where the entity is", () => {
    const made = () =>
      session.scalars(select(Post).options(joinedload(Post.c.author)).options(selectinload(Post.c.tags))).all();
    expectTypeOf<Made<typeof made>[number]>().toExtend<Post>();
    expectTypeOf<Post>().not.toExtend<Made<typeof made>[number]>();
  });

  test("of an alias go to the alias", () => {
    const boss = aliased(User, "boss");
    const made = () =>
      session.execute(select(User, boss).join(User.c.manager.ofType(boss)).options(selectinload(boss.c.posts))).one();
    expectTypeOf<Made<typeof made>["boss"]["posts"]["length"]>().toEqualTypeOf<number>();
    expectTypeOf<Made<typeof made>["User"]["posts"]>().toEqualTypeOf<Collection<Post>>();
  });

  test("[TYPG3] get and load give what they load", () => {
    const got = () => session.get(Post, 1, { options: joinedload(Post.c.author) });
    expectTypeOf<Made<typeof got>>().toEqualTypeOf<(Post & { readonly author: User }) | null>();
    const tags = () => load({} as Post).tags;
    expectTypeOf<Made<typeof tags>>().toEqualTypeOf<LoadedCollection<Tag>>();
    const collection = () => ({}) as Post["tags"];
    const loaded = () => collection().load();
    expectTypeOf<Made<typeof loaded>>().toEqualTypeOf<LoadedCollection<Tag>>();
    // @ts-expect-error a column is no relationship
    const refused = async (post: Post) => (await load(post).title).length;
    expectTypeOf(refused).toBeFunction();
  });
});

describe("conditions on relationships", () => {
  test("are predicates, and check the class", () => {
    expectTypeOf(() => User.c.posts.any(Post.c.title.eq("x"))).returns.toEqualTypeOf<Predicate>();
    expectTypeOf(() => Post.c.author.has(User.c.name.eq("x"))).returns.toEqualTypeOf<Predicate>();
    const accepted = (user: User, post: Post) => [
      Post.c.author.eq(user),
      User.c.manager.eq(null),
      User.c.posts.contains(post),
    ];
    const refused = (user: User, post: Post) => {
      // @ts-expect-error of another class
      Post.c.author.eq(post);
      // @ts-expect-error of another class
      User.c.posts.contains(user);
      // @ts-expect-error no condition
      User.c.posts.any(Post.c.title);
    };
    expectTypeOf(accepted).toBeFunction();
    expectTypeOf(refused).toBeFunction();
  });
});

describe("INSERT and UPDATE of an entity's table", () => {
  test("take columns and no relationships", () => {
    const accepted = () => {
      insert(Tag).values({ name: "x" });
      insert(Post).values({ title: "x", authorId: 1 }, { title: Tag.c.name, authorId: 2, id: 3 });
      update(User).set({ nick: null, name: func.lower(User.c.name) });
      insert(Invoice).values({ net: "1.00", status: "open" });
    };
    const refused = () => {
      // @ts-expect-error a foreign key is required here: there is no relationship to give it
      insert(Post).values({ title: "x" });
      // @ts-expect-error a relationship is no column
      insert(Post).values({ title: "x", authorId: 1, tags: [] });
      // @ts-expect-error the database computes it
      insert(Invoice).values({ net: "1.00", status: "open", gross: "1.00" });
      // @ts-expect-error not nullable
      update(User).set({ name: null });
    };
    expectTypeOf(accepted).toBeFunction();
    expectTypeOf(refused).toBeFunction();
    const returned = () => rowOf(insert(Post).values({ title: "x", authorId: 1 }).returning(Post.c.id, Post));
    expectTypeOf(returned).returns.toEqualTypeOf<{ id: number; Post: Post }>();
  });
});

describe("classes mapped to tables that exist", () => {
  const people = new Table("people", new MetaData(), {
    id: integer().primaryKey(),
    name: string(20),
    partnerId: integer().nullable(),
  });
  class Person extends mapped("Person", people, {
    pets: () => many(Pet, { backPopulates: "owner" }),
  }) {
    shout(): string {
      return this.name.toUpperCase();
    }
  }
  class Pet extends Base.define("Pet", {
    id: integer().primaryKey(),
    ownerId: integer().references(() => people.c.id),
    owner: () => one(Person, { backPopulates: "pets" }),
  }) {}

  test("[TYPG4] have the table's columns and the relationships that are added", () => {
    expectTypeOf<Person["partnerId"]>().toEqualTypeOf<number | null>();
    expectTypeOf<Person["pets"]>().toEqualTypeOf<Collection<Pet>>();
    const made = () => rowOf(select(Person, Pet, Person.c.name).outerJoin(Person.c.pets));
    expectTypeOf(made).returns.toEqualTypeOf<{ Person: Person; Pet: Pet | null; name: string }>();
    const other = aliased(Person, "other");
    expectTypeOf(() => rowOf(select(other.c.name, other))).returns.toEqualTypeOf<{ name: string; other: Person }>();
    const accepted = () => new Person({ name: "x", pets: [] });
    const refused = () => {
      // @ts-expect-error name is missing
      new Person({ id: 1 });
      // @ts-expect-error no such column
      Person.c.nmae;
      // @ts-expect-error no such relationship on the other side
      many(Pet, { backPopulates: "master" });
    };
    expectTypeOf(accepted).toBeFunction();
    expectTypeOf(refused).toBeFunction();
  });

  test("a reflected table has columns that TypeScript does not know", () => {
    const make = (table: AnyTable) => {
      class Row extends mapped("Row", table) {}
      const read = (row: Row): unknown => row.anything;
      expectTypeOf(read).toBeFunction();
      return rowOf(select(Row));
    };
    expectTypeOf(make).returns.toHaveProperty("Row");
  });
});
