import { createEngine, insert, integer, MetaData, ReplicatedEngine, select, string, Table, update } from "@acme/core";
import { describe, expect, inject, it } from "vitest";
import "./index.js";
import { ownDatabase } from "./test-support.js";

const { postgresql } = inject("databases");
const metadata = new MetaData();
const places = new Table("places", metadata, {
  id: integer().primaryKey({ autoincrement: false }),
  name: string(20),
});

describe.skipIf(!postgresql.available)("[postgresql] a primary and a replica, played by two databases", () => {
  const first = ownDatabase();
  const second = ownDatabase();
  const name = select(places.c.name).where(places.c.id.eq(1));

  async function open(options: { readonly stickyAfterWrite?: boolean } = {}) {
    const primary = createEngine(first.url);
    const replica = createEngine(second.url);
    for (const [engine, text] of [
      [primary, "primary"],
      [replica, "replica"],
    ] as const) {
      await metadata.dropAll(engine);
      await metadata.createAll(engine);
      await engine.begin((conn) => conn.execute(insert(places).values({ id: 1, name: text })));
    }
    return new ReplicatedEngine({ primary, replicas: [replica], ...options });
  }

  it("reads from the replica, and from the primary what was written on the same connection", async () => {
    await using engine = await open();
    await using conn = await engine.connect();
    expect(await conn.execute(name).scalar()).toBe("replica");
    await conn.execute(insert(places).values({ id: 2, name: "new" }));
    expect(await conn.execute(name).scalar()).toBe("primary");
    expect(await conn.execute(select(places.c.id).orderBy(places.c.id)).scalars()).toEqual([1, 2]);
    await using other = await engine.connect();
    expect(await other.execute(select(places.c.id)).scalars()).toEqual([1]);
  });

  it("takes locks and transactions that may write to the primary, read-only ones to the replica", async () => {
    await using engine = await open({ stickyAfterWrite: false });
    await using conn = await engine.connect();
    expect(await conn.execute(name.forUpdate()).scalar()).toBe("primary");
    expect(await conn.execute(name).scalar()).toBe("replica");
    expect(await engine.begin((inside) => inside.execute(name).scalar())).toBe("primary");
    expect(await engine.begin((inside) => inside.execute(name).scalar(), { readOnly: true })).toBe("replica");
    await conn.transaction(async (inside) => {
      await inside.execute(update(places).set({ name: "changed" }));
      expect(await conn.execute(name).scalar()).toBe("changed");
    });
    expect(await conn.execute(name).scalar()).toBe("replica");
    const names: string[] = [];
    for await (const row of conn.stream(name)) names.push(row.name);
    expect(names).toEqual(["replica"]);
  });

  it("reads from the primary when the replica cannot be reached", async () => {
    await using engine = await open();
    const nowhere = createEngine("postgresql://nobody@127.0.0.1:1/none");
    await using alone = new ReplicatedEngine({ primary: engine.primary, replicas: [nowhere] });
    await using conn = await alone.connect();
    expect(await conn.execute(name).scalar()).toBe("primary");
  });
});
