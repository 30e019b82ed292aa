import type { ConnectionCharacteristic, DriverConnection } from "@acme/core/dialect";

/**
 * Where names without a schema are looked for while a connection is lent: a schema for each tenant.
 *
 * @example
 * ```ts
 * const tenant = engine.withOptions({ characteristics: [searchPath("tenant_42", "public")] });
 * ```
 * SQL: `SET search_path = "tenant_42", "public"`, at the end `RESET search_path`
 */
export function searchPath(...schemas: readonly string[]): ConnectionCharacteristic {
  const path = schemas.map((schema) => `"${schema.replaceAll('"', '""')}"`).join(", ");
  return setting("search_path", path === "" ? "''" : path);
}

/**
 * Whether transactions, and statements outside of them, only read while a connection is lent, unless they begin with
 * `readOnly: false`.
 *
 * @example
 * ```ts
 * await using conn = await engine.connect({ characteristics: [readOnlyByDefault()] });
 * ```
 * SQL: `SET default_transaction_read_only = on`, at the end `RESET default_transaction_read_only`
 */
export function readOnlyByDefault(readOnly = true): ConnectionCharacteristic {
  return setting("default_transaction_read_only", readOnly ? "on" : "off");
}

/**
 * Whether transactions that are SERIALIZABLE and read only wait for a moment at which they cannot fail, while a connection is lent.
 *
 * SQL: `SET default_transaction_deferrable = on`, at the end `RESET default_transaction_deferrable`
 */
export function deferrableByDefault(deferrable = true): ConnectionCharacteristic {
  return setting("default_transaction_deferrable", deferrable ? "on" : "off");
}

/** A setting of the session under its own name; the value is SQL. */
function setting(name: string, value: string): ConnectionCharacteristic {
  const say = (text: string) => (connection: DriverConnection) =>
    connection.execute(text, [], { returnsRows: false, prepare: false });
  return { name, apply: say(`SET ${name} = ${value}`), restore: say(`RESET ${name}`) };
}
