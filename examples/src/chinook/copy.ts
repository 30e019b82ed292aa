import { createHash } from "node:crypto";
import { type AnyTable, type Connection, type Engine, select, selectAll } from "@acme/core";
import { Session, selectinload } from "@acme/orm";
import type { StoreModel } from "./model.js";
import type { Store } from "./store.js";

/** The values of an entity's columns. */
function valuesOf(table: AnyTable, entity: object): Record<string, unknown> {
  const values = entity as Readonly<Record<string, unknown>>;
  return Object.fromEntries(table.columns.map(({ key }) => [key, values[key]]));
}

/**
 * Copies a whole store into an empty database: its tables are created there, its entities are read by one session and
 * written by one unit of work of another.
 */
export async function copyStore(store: Store, model: StoreModel, source: Engine, target: Engine): Promise<void> {
  await store.metadata.createAll(target);
  await using from = new Session(source);
  await using to = new Session(target);

  const plain = [
    [model.Artist, store.artist],
    [model.Album, store.album],
    [model.Genre, store.genre],
    [model.MediaType, store.mediaType],
    [model.Employee, store.employee],
    [model.Customer, store.customer],
    [model.Invoice, store.invoice],
    [model.InvoiceLine, store.invoiceLine],
  ] as const;
  for (const [entityClass, table] of plain) {
    const make = entityClass as unknown as new (values: Record<string, unknown>) => object;
    const entities = (await from.scalars(select(entityClass)).all()) as readonly object[];
    to.addAll(entities.map((entity) => new make(valuesOf(table, entity))));
  }

  const tracks = new Map<number, InstanceType<StoreModel["Track"]>>();
  for (const track of await from.scalars(select(model.Track)).all()) {
    tracks.set(track.trackId, new model.Track(valuesOf(store.track, track) as never));
  }
  to.addAll(tracks.values());

  for (const playlist of await from
    .scalars(select(model.Playlist).options(selectinload(model.Playlist.c.tracks)))
    .all()) {
    const copies = playlist.tracks.map((track) => tracks.get(track.trackId)).filter((track) => track !== undefined);
    to.add(new model.Playlist({ playlistId: playlist.playlistId, name: playlist.name, tracks: copies }));
  }
  await to.commit();
}

/** The number of rows of a table, and a checksum over all of them in the order of the primary key. */
export async function fingerprint(
  table: AnyTable,
  conn: Connection,
): Promise<readonly [rows: number, checksum: string]> {
  const rows = await conn.execute(selectAll(table).orderBy(...table.primaryKey.columns)).tuples();
  return [rows.length, createHash("sha256").update(JSON.stringify(rows)).digest("hex")];
}
