import { type Decimal, MetaData, type SchemaHost, type Table } from "@acme/core";

/** What the tables hold: reflection gives the columns, these interfaces their types. */
export type ArtistRow = {
  artistId: number;
  name: string | null;
};
export type AlbumRow = {
  albumId: number;
  title: string;
  artistId: number;
};
export type GenreRow = {
  genreId: number;
  name: string | null;
};
export type MediaTypeRow = {
  mediaTypeId: number;
  name: string | null;
};
export type TrackRow = {
  trackId: number;
  name: string;
  albumId: number | null;
  mediaTypeId: number;
  genreId: number | null;
  composer: string | null;
  milliseconds: number;
  bytes: number | null;
  unitPrice: Decimal;
};
export type PlaylistRow = {
  playlistId: number;
  name: string | null;
};
export type PlaylistTrackRow = {
  playlistId: number;
  trackId: number;
};
export type EmployeeRow = {
  employeeId: number;
  lastName: string;
  firstName: string;
  title: string | null;
  reportsTo: number | null;
  birthDate: Date | null;
  hireDate: Date | null;
  address: string | null;
  city: string | null;
  state: string | null;
  country: string | null;
  postalCode: string | null;
  phone: string | null;
  fax: string | null;
  email: string | null;
};
export type CustomerRow = {
  customerId: number;
  firstName: string;
  lastName: string;
  company: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  country: string | null;
  postalCode: string | null;
  phone: string | null;
  fax: string | null;
  email: string;
  supportRepId: number | null;
};
export type InvoiceRow = {
  invoiceId: number;
  customerId: number;
  invoiceDate: Date;
  billingAddress: string | null;
  billingCity: string | null;
  billingState: string | null;
  billingCountry: string | null;
  billingPostalCode: string | null;
  total: Decimal;
};
export type InvoiceLineRow = {
  invoiceLineId: number;
  invoiceId: number;
  trackId: number;
  unitPrice: Decimal;
  quantity: number;
};

/** The eleven tables of the music store, whatever the database calls them. */
export interface Store {
  readonly metadata: MetaData;
  readonly artist: Table<"artist", ArtistRow, ArtistRow>;
  readonly album: Table<"album", AlbumRow, AlbumRow>;
  readonly genre: Table<"genre", GenreRow, GenreRow>;
  readonly mediaType: Table<"mediaType", MediaTypeRow, MediaTypeRow>;
  readonly track: Table<"track", TrackRow, TrackRow>;
  readonly playlist: Table<"playlist", PlaylistRow, PlaylistRow>;
  readonly playlistTrack: Table<"playlistTrack", PlaylistTrackRow, PlaylistTrackRow>;
  readonly employee: Table<"employee", EmployeeRow, EmployeeRow>;
  readonly customer: Table<"customer", CustomerRow, CustomerRow>;
  readonly invoice: Table<"invoice", InvoiceRow, InvoiceRow>;
  readonly invoiceLine: Table<"invoiceLine", InvoiceLineRow, InvoiceLineRow>;
}

/** `InvoiceLineId` and `invoice_line_id` are both `invoiceLineId`. */
function camelCase(name: string): string {
  const joined = name.replace(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());
  return joined.charAt(0).toLowerCase() + joined.slice(1);
}

/** Reflects the store. The scripts of the databases name things differently; the keys are the same everywhere. */
export async function reflectStore(host: SchemaHost): Promise<Store> {
  const metadata = new MetaData();
  await metadata.reflect(host, { onColumn: (column) => ({ key: camelCase(column.name) }) });
  const byKey = [...metadata.tables.values()].map((table) => [camelCase(table.name), table] as const);
  // Reflection knows names and SQL types; that the columns have the types above is what this program claims, and its tests check.
  return { metadata, ...Object.fromEntries(byKey) } as unknown as Store;
}
