import { and, type Connection, case_, func, literal, not, select, string } from "@acme/core";
import type { Store } from "./store.js";
import { yearOf } from "./year.js";

/** A question of the music store's analyst, answered with rows that can be compared. */
export interface Question {
  readonly title: string;
  readonly ask: (store: Store, conn: Connection) => Promise<readonly unknown[]>;
}

/** Twelve questions; each gives the same rows on every database. */
export const QUESTIONS: readonly Question[] = [
  {
    title: "What was sold to each country, the best first?",
    ask: ({ invoice }, conn) => {
      const total = func.sum(invoice.c.total).label("total");
      const stmt = select(invoice.c.billingCountry, func.count().label("invoices"), total).groupBy(
        invoice.c.billingCountry,
      );
      return conn.execute(stmt.orderBy(total.desc(), invoice.c.billingCountry)).all();
    },
  },
  {
    title: "What was sold each year, and how did it add up?",
    ask: async ({ invoice }, conn) => {
      const yearly = select(yearOf(invoice.c.invoiceDate).label("year"), func.sum(invoice.c.total).label("total"))
        .groupBy(yearOf(invoice.c.invoiceDate))
        .cte("yearly");
      const running = func.sum(yearly.c.total).over({ orderBy: yearly.c.year, rows: ["unbounded", 0] });
      return conn.execute(select(yearly.c.year, yearly.c.total, running.label("running")).orderBy(yearly.c.year)).all();
    },
  },
  {
    title: "What was sold to each country in each year, in the countries that bought most?",
    ask: ({ invoice }, conn) => {
      const big = select(invoice.c.billingCountry)
        .groupBy(invoice.c.billingCountry)
        .having(func.sum(invoice.c.total).gt("150"));
      const year = yearOf(invoice.c.invoiceDate);
      const stmt = select(invoice.c.billingCountry, year.label("year"), func.sum(invoice.c.total).label("total"))
        .where(invoice.c.billingCountry.in(big))
        .groupBy(invoice.c.billingCountry, year);
      return conn.execute(stmt.orderBy(invoice.c.billingCountry, year)).all();
    },
  },
  {
    title: "Which three tracks of each genre were sold most often?",
    ask: ({ track, genre, invoiceLine }, conn) => {
      const sold = func.sum(invoiceLine.c.quantity);
      const ranked = select(
        genre.c.name.label("genre"),
        track.c.trackId,
        track.c.name.label("track"),
        sold.label("sold"),
        func
          .rowNumber()
          .over({ partitionBy: genre.c.genreId, orderBy: [sold.desc(), track.c.trackId] })
          .label("place"),
      )
        .selectFrom(track)
        .join(genre)
        .join(invoiceLine, invoiceLine.c.trackId.eq(track.c.trackId))
        .groupBy(genre.c.genreId, genre.c.name, track.c.trackId, track.c.name)
        .subquery("ranked");
      const stmt = select(ranked.c.genre, ranked.c.place, ranked.c.track, ranked.c.sold).where(ranked.c.place.le(3));
      return conn.execute(stmt.orderBy(ranked.c.genre, ranked.c.place)).all();
    },
  },
  {
    title: "Who reports to whom, from the top down?",
    ask: ({ employee }, conn) => {
      const { employeeId, lastName, reportsTo } = employee.c;
      const top = select(
        employeeId,
        lastName,
        literal(0).label("level"),
        literal("").cast(string(100)).label("boss"),
      ).where(reportsTo.isNull());
      const chart = top.cte("chart", { recursive: true });
      const whole = chart.unionAll(
        select(employeeId, lastName, chart.c.level.add(1), chart.c.lastName.cast(string(100))).join(
          chart,
          reportsTo.eq(chart.c.employeeId),
        ),
      );
      return conn
        .execute(select(whole.c.level, whole.c.lastName, whole.c.boss).orderBy(whole.c.level, whole.c.employeeId))
        .all();
    },
  },
  {
    title: "Which playlists hold no track that was ever sold?",
    ask: ({ playlist, playlistTrack, invoiceLine }, conn) => {
      const sold = select(playlistTrack.c.trackId)
        .join(invoiceLine, invoiceLine.c.trackId.eq(playlistTrack.c.trackId))
        .where(playlistTrack.c.playlistId.eq(playlist.c.playlistId));
      return conn
        .execute(
          select(playlist.c.playlistId, playlist.c.name).where(not(sold.exists())).orderBy(playlist.c.playlistId),
        )
        .all();
    },
  },
  {
    title: "How much did the customers of each agent buy?",
    ask: ({ employee, customer, invoice }, conn) => {
      const stmt = select(
        employee.c.firstName.concat(" ").concat(employee.c.lastName).label("agent"),
        func.count(customer.c.customerId).distinct().label("customers"),
        func.sum(invoice.c.total).label("total"),
      )
        .selectFrom(employee)
        .join(customer, customer.c.supportRepId.eq(employee.c.employeeId))
        .join(invoice, invoice.c.customerId.eq(customer.c.customerId))
        .groupBy(employee.c.employeeId, employee.c.firstName, employee.c.lastName);
      return conn.execute(stmt.orderBy(employee.c.employeeId)).all();
    },
  },
  {
    title: "Which genres have tracks that nobody bought, and how many?",
    ask: ({ track, genre, invoiceLine }, conn) => {
      const unsold = func.count().filter(invoiceLine.c.invoiceLineId.isNull()).label("unsold");
      const stmt = select(genre.c.name, func.count(track.c.trackId).distinct().label("tracks"), unsold)
        .selectFrom(genre)
        .join(track)
        .outerJoin(invoiceLine, invoiceLine.c.trackId.eq(track.c.trackId))
        .groupBy(genre.c.genreId, genre.c.name)
        .having(func.count().filter(invoiceLine.c.invoiceLineId.isNull()).gt(100));
      return conn.execute(stmt.orderBy(genre.c.genreId)).all();
    },
  },
  {
    title: "Who bought both Jazz and Classical?",
    ask: ({ customer, invoice, invoiceLine, track, genre }, conn) => {
      const buyers = (name: string) =>
        select(customer.c.customerId, customer.c.lastName)
          .join(invoice, invoice.c.customerId.eq(customer.c.customerId))
          .join(invoiceLine, invoiceLine.c.invoiceId.eq(invoice.c.invoiceId))
          .join(track, track.c.trackId.eq(invoiceLine.c.trackId))
          .join(genre, genre.c.genreId.eq(track.c.genreId))
          .where(genre.c.name.eq(name));
      return conn.execute(buyers("Jazz").intersect(buyers("Classical")).orderBy(customer.c.customerId)).all();
    },
  },
  {
    title: "How long are the tracks?",
    ask: ({ track }, conn) => {
      const { milliseconds } = track.c;
      const size = case_(
        [
          [milliseconds.lt(180_000), "short"],
          [milliseconds.lt(600_000), "song"],
        ],
        "long",
      );
      const stmt = select(
        size.label("size"),
        func.count().label("tracks"),
        func.min(milliseconds).label("least"),
        func.max(milliseconds).label("most"),
      );
      return conn.execute(stmt.groupBy(size).orderBy(func.min(milliseconds))).all();
    },
  },
  {
    title: "Which artists have the most albums, and are they sold?",
    ask: ({ artist, album, track, invoiceLine }, conn) => {
      const albums = select(album.c.artistId, func.count().label("albums"))
        .groupBy(album.c.artistId)
        .having(func.count().ge(5))
        .subquery("albums");
      const sold = select(func.count())
        .selectFrom(invoiceLine)
        .join(track, track.c.trackId.eq(invoiceLine.c.trackId))
        .join(album, album.c.albumId.eq(track.c.albumId))
        .where(album.c.artistId.eq(artist.c.artistId))
        .scalar();
      const stmt = select(artist.c.name, albums.c.albums, sold.label("linesSold")).join(
        albums,
        albums.c.artistId.eq(artist.c.artistId),
      );
      return conn.execute(stmt.orderBy(albums.c.albums.desc(), artist.c.artistId)).all();
    },
  },
  {
    title: "Which tracks speak of love and last longer than the longest song of ten minutes?",
    ask: ({ track, genre }, conn) => {
      const song = select(func.max(track.c.milliseconds)).where(track.c.milliseconds.lt(600_000)).scalar();
      const love = and(track.c.name.icontains("LOVE"), track.c.milliseconds.gt(song));
      const stmt = select(track.c.trackId, track.c.name, genre.c.name.label("genre"), track.c.unitPrice).outerJoin(
        genre,
        genre.c.genreId.eq(track.c.genreId),
      );
      return conn.execute(stmt.where(love).orderBy(track.c.trackId)).all();
    },
  },
];
