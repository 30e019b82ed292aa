import type { ReflectedTable, Reflector } from "../dialect/reflector.js";
import { InvalidRequestError, NoSuchTableError } from "../errors/index.js";
import { type SchemaConnection, type SchemaHost, schemaAccess } from "../schema/host.js";
import { suggest } from "./near-names.js";

/** A connection and the reflector of its dialect. */
export interface ReflectionSession {
  readonly connection: SchemaConnection;
  readonly reflector: Reflector;
}

/** Runs work on a connection of the host. */
export async function withReflector<T>(host: SchemaHost, work: (session: ReflectionSession) => Promise<T>): Promise<T> {
  return host[schemaAccess](
    (connection) => {
      const { reflector, name } = connection.dialect;
      if (reflector === undefined) {
        throw new InvalidRequestError(
          `The dialect ${name} has no reflector, so tables cannot be read from the database.`,
          {
            code: "NO_REFLECTOR",
          },
        );
      }
      return work({ connection, reflector });
    },
    { transaction: false },
  );
}

/** All tables and views of a schema, by name. */
async function allNames(session: ReflectionSession, schema: string | undefined): Promise<readonly string[]> {
  const tables = await session.reflector.tableNames(session.connection, schema);
  return [...tables, ...(await session.reflector.viewNames(session.connection, schema))];
}

/** Throws a NoSuchTableError, which names tables of like names, when one of the names was not found. */
export async function requireAll(
  session: ReflectionSession,
  schema: string | undefined,
  names: readonly string[],
  found: readonly ReflectedTable[],
): Promise<void> {
  const there = new Set(found.map((table) => table.name));
  const missing = names.find((name) => !there.has(name));
  if (missing === undefined) return;
  const where = schema === undefined ? "The database" : `The schema "${schema}"`;
  throw new NoSuchTableError(`${where} has no table or view "${missing}".`, {
    remedy: suggest(missing, await allNames(session, schema), "tables and views"),
  });
}
