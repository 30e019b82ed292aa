import { type Engine, integer, numeric, select, string } from "@acme/core";
import { declarativeBase, load, many, one, optional, Session, selectinload } from "@acme/orm";
import { say } from "./show.js";
import type { Stage } from "./stage.js";

const Base = declarativeBase();

/** A musician with albums and, perhaps, a teacher. */
class Artist extends Base.define("Artist", {
  id: integer().primaryKey(),
  name: string(80),
  teacherId: integer()
    .nullable()
    .references(() => Artist.c.id),
  teacher: () => optional(Artist),
  albums: () => many(Album, { backPopulates: "artist", cascade: "all, delete-orphan" }),
}) {
  display(): string {
    return `${this.name} (#${this.id})`;
  }
}

/** An album of one artist. */
class Album extends Base.define("Album", {
  id: integer().primaryKey(),
  title: string(120),
  price: numeric(8, 2),
  artistId: integer().references(() => Artist.c.id),
  artist: () => one(Artist, { backPopulates: "albums" }),
}) {}

/** The upper floor: classes, a unit of work, loaded relationships. */
export async function ormTour(engine: Engine, stage: Stage): Promise<void> {
  stage.from("tour-orm.ts");
  await Base.metadata.createAll(engine);

  await stage.step(
    "Add a graph of objects; one flush writes it in dependency order and hands out the keys",
    async () => {
      await using session = new Session(engine);
      const haydn = new Artist({ name: "Haydn" });
      const beethoven = new Artist({
        name: "Beethoven",
        teacher: haydn,
        albums: [new Album({ title: "Eroica", price: "12.50" }), new Album({ title: "Pastorale", price: "11.00" })],
      });
      session.add(beethoven);
      await session.commit();
      return [haydn, beethoven].map((artist) => ({ id: artist.id, name: artist.name, teacherId: artist.teacherId }));
    },
  );

  await stage.step(
    "Load eagerly: two queries, however many artists; `albums` is readable because it was loaded",
    async () => {
      await using session = new Session(engine);
      const artists = await session
        .scalars(select(Artist).options(selectinload(Artist.c.albums)).orderBy(Artist.c.id))
        .all();
      return artists.map((artist) => ({
        artist: artist.display(),
        albums: artist.albums.map((album) => album.title).join(", "),
      }));
    },
  );

  await stage.step("Load lazily, but awaited: all asked for in one turn are one query, never N+1", async () => {
    await using session = new Session(engine);
    const albums = await session.scalars(select(Album).orderBy(Album.c.id)).all();
    const artists = await Promise.all(albums.map((album) => load(album).artist));
    return albums.map((album, i) => ({ album: album.title, by: artists[i]?.name }));
  });

  await stage.step("Change, add and remove: the unit of work writes the difference, only changed columns", async () => {
    await using session = new Session(engine);
    const beethoven = await session
      .scalars(select(Artist).where(Artist.c.name.eq("Beethoven")).options(selectinload(Artist.c.albums)))
      .one();
    const [eroica] = beethoven.albums;
    if (eroica) beethoven.albums.remove(eroica); // an orphan: deleted
    beethoven.name = "Ludwig van Beethoven";
    beethoven.albums.add(new Album({ title: "Fidelio", price: "15.00" }));
    await session.commit();
  });

  await stage.step("Delete: the cascade deletes the albums first", async () => {
    await using session = new Session(engine);
    const beethoven = await session.scalars(select(Artist).where(Artist.c.name.like("%Beethoven"))).one();
    session.delete(beethoven);
    await session.commit();
    return await session.execute(select(Artist.c.name)).all();
  });

  say();
}
