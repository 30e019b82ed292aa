import { writeColumns } from "../instrumentation/columns.js";
import type { EntityState } from "../instrumentation/state.js";
import { columnsAt, mapKey, oneOf } from "../loading/conditions.js";
import { run, selectOf } from "../loading/statement.js";
import type { Mapper } from "../mapping/mapper.js";
import type { SessionContext } from "../session/context.js";
import { byMapper, chunked } from "./group.js";

const CHUNK = 500;

/** Reads rows that the database has filled or computed, and writes them into their entities. */
export async function fetchRows(context: SessionContext, states: Iterable<EntityState>): Promise<void> {
  for (const [mapper, list] of byMapper(states)) {
    for (const chunk of chunked(list, CHUNK)) await fetchChunk(context, mapper, chunk);
  }
}

async function fetchChunk(context: SessionContext, mapper: Mapper, states: readonly EntityState[]): Promise<void> {
  const byKey = new Map(states.map((state) => [state.key, state]));
  const keys = states.map((state) => mapper.keyPositions.map((position) => state.snapshot?.[position]));
  const condition = oneOf(columnsAt(mapper.columns, mapper.keyPositions), keys, context.dialect.flags.tupleComparison);
  const statement = selectOf([...mapper.columns]).where(condition);
  const { rawRows, resultColumns: columns = [] } = await run(await context.connection(), statement);
  for (const row of rawRows) {
    const values = row.map((value, i) => {
      const convert = columns[i]?.convert;
      return value === null || convert === undefined ? value : convert(value);
    });
    const state = byKey.get(mapKey(mapper.keyPositions.map((position) => values[position])));
    if (state === undefined) continue;
    state.snapshot = values;
    writeColumns(state, values);
  }
}
