import {
  type Decimal,
  func,
  integer,
  json,
  MetaData,
  numeric,
  type Queryable,
  select,
  string,
  Table,
} from "@acme/core";
import { describe, expectTypeOf, test } from "vitest";
import {
  aliased,
  type Collection,
  declarativeBase,
  isLoaded,
  joinedload,
  type LoadedCollection,
  load,
  many,
  mapped,
  type NotLoaded,
  one,
  optional,
  type Session,
  selectinload,
} from "../index.js";

const Base = declarativeBase();

class User extends Base.define("User", {
  id: integer().primaryKey(),
  name: string(50),
  nick: string(50).nullable(),
  balance: numeric(10, 2),
  settings: json<{ theme: string }>().nullable(),
  managerId: integer()
    .nullable()
    .references(() => User.c.id),
  manager: () => optional(User, { backPopulates: "reports" }),
  reports: () => many(User, { backPopulates: "manager" }),
  posts: () => many(Post, { backPopulates: "author" }),
}) {
  display(): string {
    return this.nick ?? this.name;
  }
}

class Post extends Base.define("Post", {
  id: integer().primaryKey(),
  title: string(200),
  authorId: integer().references(() => User.c.id),
  author: () => one(User, { backPopulates: "posts" }),
}) {}

const people = new Table("people", new MetaData(), { id: integer().primaryKey(), name: string(20) });
class Person extends mapped("Person", people, { friend: () => optional(Person) }) {}

declare const session: Session;
type Row<F extends () => unknown> = Awaited<ReturnType<F>> extends readonly (infer R)[] ? R : never;

describe("types of entities", () => {
  test("[TYPG4] an instance has the values of its columns, and relationships that may not be loaded", () => {
    expectTypeOf<User["name"]>().toEqualTypeOf<string>();
    expectTypeOf<User["nick"]>().toEqualTypeOf<string | null>();
    expectTypeOf<User["balance"]>().toEqualTypeOf<Decimal>();
    expectTypeOf<User["settings"]>().toEqualTypeOf<{ theme: string } | null>();
    expectTypeOf<User["posts"]>().toEqualTypeOf<Collection<Post>>();
    expectTypeOf<User["manager"]>().toEqualTypeOf<User | NotLoaded<User> | null>();
    expectTypeOf<Post["author"]>().toEqualTypeOf<User | NotLoaded<User>>();
    expectTypeOf<Person["friend"]>().toEqualTypeOf<Person | NotLoaded<Person> | null>();
  });

  test("[TYPG5] a constructor takes what an INSERT needs; a foreign key may come from its relationship", () => {
    const accepted = () => {
      new User({ name: "x", balance: 3 });
      new User({ name: "x", balance: "3.50", nick: null, posts: [new Post({ title: "t" })], manager: null });
      new Post({ title: "t", author: new User({ name: "x", balance: 1 }) });
      new Post({ title: "t", authorId: 1 });
      new Person({ name: "x" });
    };
    const refused = () => {
      // @ts-expect-error balance is missing
      new User({ name: "x" });
      // @ts-expect-error no such property
      new User({ name: "x", balance: 1, nmae: "y" });
      // @ts-expect-error not nullable
      new User({ name: null, balance: 1 });
      // @ts-expect-error a user is no post
      new User({ name: "x", balance: 1, posts: [new User({ name: "y", balance: 1 })] });
    };
    expectTypeOf(accepted).toBeFunction();
    expectTypeOf(refused).toBeFunction();
  });

  test("[TYPG3] what is not loaded cannot be read; what a query loads can", () => {
    const users = () => session.scalars(select(User)).all();
    expectTypeOf<Row<typeof users>>().toEqualTypeOf<User>();
    const refused = async () => {
      const [user] = await users();
      // @ts-expect-error the collection is not loaded
      user?.posts.map((post) => post.title);
      // @ts-expect-error the manager is not loaded
      user?.manager?.name;
    };
    expectTypeOf(refused).toBeFunction();
    const loaded = () =>
      session.scalars(select(User).options(selectinload(User.c.posts).and(joinedload(Post.c.author)))).all();
    type Loaded = Row<typeof loaded>;
    expectTypeOf<Loaded["posts"][number]["title"]>().toEqualTypeOf<string>();
    expectTypeOf<Loaded["posts"][number]["author"]["name"]>().toEqualTypeOf<string>();
    expectTypeOf<Loaded>().toExtend<User>();
    const two = () =>
      session.scalars(select(User).options(selectinload(User.c.posts)).options(joinedload(User.c.manager))).all();
    expectTypeOf<NonNullable<Row<typeof two>["manager"]>["name"]>().toEqualTypeOf<string>();
  });

  test("an option for another entity cannot follow, nor stand for a column", () => {
    const refused = () => {
      // @ts-expect-error posts leads to Post; manager is a relationship of User
      selectinload(User.c.posts).and(selectinload(User.c.manager));
      // @ts-expect-error a column
      selectinload(User.c.name);
      // @ts-expect-error no such relationship on the other side
      many(Post, { backPopulates: "autor" });
      // @ts-expect-error no such column
      User.c.nmae;
    };
    expectTypeOf(refused).toBeFunction();
  });

  test("rows mix entities and columns, null where an outer join may find nothing", () => {
    const rows = () =>
      session.execute(select(User, Post, Post.c.title, func.count().label("n")).outerJoin(User.c.posts)).all();
    expectTypeOf<Row<typeof rows>>().toEqualTypeOf<{
      User: User;
      Post: Post | null;
      title: string | null;
      n: number;
    }>();
    const boss = aliased(User, "boss");
    const pairs = () =>
      session.execute(select(User, boss, boss.c.name).outerJoin(User.c.manager.ofType(boss))).tuples();
    expectTypeOf<Row<typeof pairs>>().toEqualTypeOf<[User, User | null, string | null]>();
    expectTypeOf(select(User.c.id)).toExtend<Queryable<readonly [number]>>();
  });

  test("load gives promises of relationships; isLoaded narrows", () => {
    const posts = () => load({} as User).posts;
    expectTypeOf<Awaited<ReturnType<typeof posts>>>().toEqualTypeOf<LoadedCollection<Post>>();
    const author = () => load({} as Post).author;
    expectTypeOf<Awaited<ReturnType<typeof author>>>().toEqualTypeOf<User>();
    const manager = () => load({} as User).manager;
    expectTypeOf<Awaited<ReturnType<typeof manager>>>().toEqualTypeOf<User | null>();
    const narrowed = (post: Post): string => (isLoaded(post, "author") ? post.author.name : "");
    expectTypeOf(narrowed).returns.toBeString();
    const got = () => session.get(User, 1, { options: selectinload(User.c.posts) });
    expectTypeOf<NonNullable<Awaited<ReturnType<typeof got>>>["posts"]["length"]>().toEqualTypeOf<number>();
  });
});
