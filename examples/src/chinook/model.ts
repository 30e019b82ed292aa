import { many, mapped, one, optional } from "@acme/orm";
import type { Store } from "./store.js";

/** Classes mapped to the reflected tables of the music store. */
export function storeModel(store: Store) {
  class Artist extends mapped("Artist", store.artist, { albums: () => many(Album, { backPopulates: "artist" }) }) {}
  class Album extends mapped("Album", store.album, {
    artist: () => one(Artist, { backPopulates: "albums" }),
    tracks: () => many(Track, { backPopulates: "album" }),
  }) {}
  class Genre extends mapped("Genre", store.genre) {}
  class MediaType extends mapped("MediaType", store.mediaType) {}
  class Track extends mapped("Track", store.track, {
    album: () => optional(Album, { backPopulates: "tracks" }),
    genre: () => optional(Genre),
    mediaType: () => one(MediaType),
    playlists: () => many(Playlist, { secondary: () => store.playlistTrack, backPopulates: "tracks" }),
  }) {}
  class Playlist extends mapped("Playlist", store.playlist, {
    tracks: () => many(Track, { secondary: () => store.playlistTrack, backPopulates: "playlists" }),
  }) {}
  class Employee extends mapped("Employee", store.employee, {
    boss: () => optional(Employee, { backPopulates: "team" }),
    team: () => many(Employee, { backPopulates: "boss" }),
    customers: () => many(Customer, { backPopulates: "agent" }),
  }) {}
  class Customer extends mapped("Customer", store.customer, {
    agent: () => optional(Employee, { backPopulates: "customers" }),
    invoices: () => many(Invoice, { backPopulates: "customer" }),
  }) {}
  class Invoice extends mapped("Invoice", store.invoice, {
    customer: () => one(Customer, { backPopulates: "invoices" }),
    lines: () => many(InvoiceLine, { backPopulates: "invoice" }),
  }) {}
  class InvoiceLine extends mapped("InvoiceLine", store.invoiceLine, {
    invoice: () => one(Invoice, { backPopulates: "lines" }),
    track: () => one(Track),
  }) {}
  return { Artist, Album, Genre, MediaType, Track, Playlist, Employee, Customer, Invoice, InvoiceLine };
}

/** The classes of one store. */
export type StoreModel = ReturnType<typeof storeModel>;
