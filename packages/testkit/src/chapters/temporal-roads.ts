import { date, dateTime, insert, integer, interval, select, Table, time } from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { withTables } from "../scratch.js";

/** The namespace that a runtime or a polyfill gives. */
type Namespace = Readonly<
  Record<"PlainDate" | "PlainTime" | "PlainDateTime" | "Instant" | "Duration", { from(text: string): object }>
>;

/**
 * A chapter that writes and reads Temporal objects, to the microsecond. It takes the namespace, which must be installed
 * globally too.
 */
export function temporalRoads(temporal: Namespace): Chapter {
  return {
    title: "Temporal",
    declare({ test }) {
      test("[TYP7] Temporal objects come back as they went in, to the microsecond", {}, async (conn) => {
        const row = {
          id: 1,
          day: temporal.PlainDate.from("2024-02-29"),
          clock: temporal.PlainTime.from("23:59:59.000001"),
          wall: temporal.PlainDateTime.from("9999-12-31T23:59:59.999999"),
          moment: temporal.Instant.from("2024-03-31T02:30:00.123456Z"),
          length: temporal.Duration.from("-P1DT2H0.000001S"),
        };
        await withTables(
          conn,
          (metadata) =>
            new Table("temporal", metadata, {
              id: integer().primaryKey({ autoincrement: false }),
              day: date({ as: "temporal" }),
              clock: time({ as: "temporal" }),
              wall: dateTime({ as: "temporal" }),
              moment: dateTime({ as: "temporal", timezone: true }),
              length: interval({ as: "temporal" }),
            }),
          async (t) => {
            await conn.execute(insert(t).values(row as never));
            const { id, day, clock, wall, moment, length } = t.c;
            const read = await conn.execute(select(id, day, clock, wall, moment, length)).one();
            expect(Object.entries(read).map(([key, value]) => [key, String(value)])).toEqual(
              Object.entries(row).map(([key, value]) => [key, String(value)]),
            );
            expect(read.moment).toBeInstanceOf(row.moment.constructor);
            const found = select(id).where(moment.eq(row.moment as never), day.le(row.day as never));
            expect(await conn.execute(found).scalars()).toEqual([1]);
          },
        );
      });
    },
  };
}
