import { integer, select, string } from "@acme/core";
import { expect, test } from "vitest";
import { ConcurrentSessionError, MappingError } from "../errors.js";
import { isLoaded, load } from "../loading/lazy.js";
import { declarativeBase } from "../mapping/base.js";
import { Base, Post, User } from "../testing/blog.js";
import { onEachDatabase } from "../testing/databases.js";
import { Session } from "./session.js";

onEachDatabase("one session, one task", Base.metadata, (database) => {
  test("[SES47] a second operation while one is under way is refused; the first one is not disturbed", async () => {
    await using session = new Session(database.engine);
    session.add(new User({ name: "ann" }));
    const first = session.scalars(select(User)).all();
    await expect(session.commit()).rejects.toThrow(ConcurrentSessionError);
    await expect(session.get(User, 1)).rejects.toThrow(
      /session\.get was called while session\.scalars was under way.*Await/,
    );
    expect(await first).toHaveLength(1);
    await session.commit();
  });

  test("lazy loads of several turns wait for one another", async () => {
    await using session = new Session(database.engine);
    session.add(new User({ name: "ann", posts: [new Post({ title: "a" })] }));
    await session.commit();
    session.expungeAll();
    const ann = await session.scalars(select(User)).one();
    const posts = load(ann).posts;
    await new Promise((resolve) => setTimeout(resolve, 1));
    const manager = load(ann).manager;
    expect((await posts).length).toBe(1);
    expect(await manager).toBeNull();
    expect(isLoaded(ann, "manager") && ann.manager).toBeNull();
  });
});

const Others = declarativeBase();
const rowsOf = (name: string) => Others.define(name, { id: integer().primaryKey(), name: string(20) });

class Shouting extends rowsOf("Shouting") {
  readonly made: string;
  #secret = 1;
  constructor(init: ConstructorParameters<ReturnType<typeof rowsOf>>[0]) {
    super(init);
    this.made = `made ${this.name}`;
  }
  count(): number {
    this.#secret += 1;
    return this.#secret;
  }
}
class Hiding extends rowsOf("Hiding") {
  override name = "hidden";
}
class Careless extends rowsOf("Careless") {
  constructor(init: { readonly id?: number; readonly name: string }) {
    super({ ...init });
  }
}

onEachDatabase("classes of the user", Others.metadata, (database) => {
  test("[MAP39] constructors and fields run for rows too", async () => {
    await using session = new Session(database.engine);
    session.add(new Shouting({ name: "ann" }));
    await session.commit();
    session.expungeAll();
    const found = await session.scalars(select(Shouting)).one();
    expect([found.made, found.count(), found.name]).toEqual(["made ann", 2, "ann"]);
    expect(session.dirty).toEqual([]);
  });

  test("a field that hides a column, and a constructor that keeps its argument, are refused with the remedy", async () => {
    await using session = new Session(database.engine);
    const conn = await session.connection();
    const { insert } = await import("@acme/core");
    await conn.execute(insert(Hiding).values({ name: "x" }));
    await conn.execute(insert(Careless).values({ name: "x" }));
    await expect(session.scalars(select(Hiding)).all()).rejects.toThrow(
      /field "name" that hides the column.*declare name/,
    );
    await expect(session.scalars(select(Careless)).all()).rejects.toThrow(MappingError);
  });
});
