import type { Dialect } from "../dialect/dialect.js";
import type { DriverConnection, ProcedureAnswer, ProcedureArgument, ProcedureCall } from "../dialect/driver.js";
import type { AnyType } from "../dialect/type-rules.js";
import { ArgumentError, NotSupportedError } from "../errors/index.js";
import { BindParameter } from "../sql/bind.js";
import { toExpression } from "../sql/coerce.js";
import type { ValueType } from "../types/value-type.js";
import type { ExecutionOptions } from "./options.js";
import { Result } from "./result.js";
import { textReader } from "./row-reader.js";

/** An argument through which a stored procedure gives a value. Made by {@link outParameter} and {@link inOutParameter}. */
export class OutParameter<out N extends string, out T> {
  readonly name: N;
  readonly type: ValueType<T, unknown>;
  readonly mode: "out" | "inOut";
  readonly value: unknown;

  constructor(name: N, type: ValueType<T, unknown>, mode: "out" | "inOut", value: unknown) {
    this.name = name;
    this.type = type;
    this.mode = mode;
    this.value = value;
  }
}

/**
 * An OUT argument of a stored procedure: the value that it is given is `result.outputs[name]`.
 *
 * @example
 * ```ts
 * const { outputs } = await conn.callProcedure("count_orders", [customerId, outParameter("total", integer())]);
 * outputs.total;                                                     // number | null
 * ```
 * SQL: `CALL count_orders($1, NULL::INTEGER)`
 */
export function outParameter<const N extends string, T>(name: N, type: ValueType<T, unknown>): OutParameter<N, T> {
  return new OutParameter(name, type, "out", null);
}

/**
 * An INOUT argument of a stored procedure: it takes a value and gives another.
 *
 * @example
 * ```ts
 * const { outputs } = await conn.callProcedure("next_of", [inOutParameter("counter", integer(), 4)]);
 * ```
 * SQL: `CALL next_of($1::INTEGER)`
 */
export function inOutParameter<const N extends string, T>(
  name: N,
  type: ValueType<T, unknown>,
  value: T | null,
): OutParameter<N, T> {
  return new OutParameter(name, type, "inOut", value);
}

/** The values that come out, by the names of the arguments. */
export type ProcedureOutputs<A extends readonly unknown[]> = {
  readonly [P in Extract<A[number], OutParameter<string, unknown>> as P["name"]]: P extends OutParameter<
    string,
    infer T
  >
    ? T | null
    : never;
};

/** What a stored procedure gives: result sets, and the values of its OUT and INOUT arguments. */
export interface ProcedureResult<A extends readonly unknown[]> {
  /** The result sets in order. Their values are as the driver has them: nobody knows their types. */
  readonly results: readonly Result<Record<string, unknown>>[];
  readonly outputs: ProcedureOutputs<A>;
}

/** How a stored procedure is called. */
export interface ProcedureOptions extends ExecutionOptions {
  /** The schema that it is in. */
  readonly schema?: string | undefined;
}

/** A call made ready for the driver. */
export interface PreparedCall {
  readonly call: ProcedureCall;
  /** The call as errors and the log show it. */
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly columnType: (index: number) => string | undefined;
}

/** Makes a call ready: names quoted, values as the driver takes them. */
export function prepareCall(
  dialect: Dialect,
  name: string | readonly string[],
  given: readonly unknown[],
  schema: string | undefined,
): PreparedCall {
  const path = [...(schema === undefined ? [] : [schema]), ...(typeof name === "string" ? [name] : name)];
  const quoted = path.map((part) => dialect.quote(part)).join(".");
  const list = given.map((argument) => argumentOf(dialect, argument));
  const outs = given.filter((argument) => argument instanceof OutParameter);
  const shown = list.map(({ mode }) => (mode === "in" ? "?" : mode === "out" ? "OUT" : "INOUT ?"));
  return {
    call: { name: quoted, arguments: list },
    sql: `CALL ${quoted}(${shown.join(", ")})`,
    parameters: list.filter(({ mode }) => mode !== "out").map(({ value }) => value),
    columnType: (index) => outs[index]?.type.name,
  };
}

function argumentOf(dialect: Dialect, given: unknown): ProcedureArgument {
  if (given instanceof OutParameter) {
    const { mode, value, type } = given;
    return { mode, value: driverValue(dialect, type, value), type: dialect.typeName(type, "cast") };
  }
  const value = toExpression(given) as unknown;
  if (value instanceof BindParameter) {
    // A type that was only guessed from the value is not named: the database knows better what the procedure takes.
    const type = value === given ? dialect.typeName(value.type, "cast") : undefined;
    return { mode: "in", value: driverValue(dialect, value.type, value.value), type };
  }
  if (given === null) return { mode: "in", value: null, type: undefined };
  throw new ArgumentError(
    "An argument of a stored procedure is a value, literal(), outParameter() or inOutParameter().",
    {
      code: "BAD_ARGUMENT",
      remedy: "Compute expressions with a SELECT first.",
    },
  );
}

function driverValue(dialect: Dialect, type: AnyType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  return (dialect.conversions(type).bind?.(value) ?? value) as unknown;
}

/** The method of the driver. Throws NotSupportedError where the database has no stored procedures. */
export function procedureCaller(
  dialect: Dialect,
  driver: DriverConnection,
): NonNullable<DriverConnection["callProcedure"]> {
  const call = driver.callProcedure?.bind(driver);
  if (call !== undefined) return call;
  throw new NotSupportedError(`${dialect.name} has no stored procedures, or its driver's adapter does not call them.`, {
    remedy: "Put the statements into a function of the application.",
  });
}

/** What the caller gets of the driver's answer. */
export function procedureResult<A extends readonly unknown[]>(
  dialect: Dialect,
  given: A,
  answer: ProcedureAnswer,
): ProcedureResult<A> {
  const outs = given.filter((argument) => argument instanceof OutParameter);
  const outputs = Object.fromEntries(
    outs.map(({ name, type }, i) => {
      const value = answer.outputs[i] ?? null;
      const read = dialect.conversions(type).result;
      return [name, value === null || read === undefined ? value : read(value)];
    }),
  );
  const results = answer.results.map(
    ({ columns, rows, rowCount }) => new Result({ reader: textReader(columns, []), rows, rowCount }),
  );
  return { results, outputs: outputs as ProcedureOutputs<A> };
}
