import type { ProcedureArgument, ProcedureCall } from "@acme/core/dialect";
import type { BindDefinition, BindParameter } from "oracledb";
import { DoubleBind, NationalText, OutBind, type OutKind } from "../driver-values.js";
import { DATE_FORMAT, TIMESTAMP_FORMAT } from "../types.js";
import { type Bind, outDefinition, toBinds } from "./binds.js";
import type { Oracledb } from "./driver.js";

/** The most bytes of a text in PL/SQL. */
const MAX_TEXT = 32_767;
const EXACT = (value: string): string => `TO_CHAR(${value}, 'TM9', 'NLS_NUMERIC_CHARACTERS=''.,''')`;

/** An argument that the driver would give with losses: it goes through a variable and comes out as text. */
interface Variable {
  readonly type: string;
  readonly write: (placeholder: string) => string;
  readonly read: (variable: string) => string;
}

const NUMBER: Variable = { type: "NUMBER", write: (text) => `TO_NUMBER(${text})`, read: EXACT };
const DATE: Variable = {
  type: "DATE",
  write: (text) => `TO_DATE(${text}, '${DATE_FORMAT}')`,
  read: (value) => `TO_CHAR(${value}, '${DATE_FORMAT}')`,
};
const TIMESTAMP: Variable = {
  type: "TIMESTAMP(9)",
  write: (text) => `TO_TIMESTAMP(${text}, '${TIMESTAMP_FORMAT}')`,
  read: (value) => `TO_CHAR(${value}, '${TIMESTAMP_FORMAT}')`,
};
const INSTANT: Variable = {
  type: "TIMESTAMP(9) WITH TIME ZONE",
  write: (text) => `FROM_TZ(${TIMESTAMP.write(text)}, '+00:00')`,
  read: (value) => TIMESTAMP.read(`SYS_EXTRACT_UTC(${value})`),
};
const INTERVAL: Variable = {
  type: "INTERVAL DAY(9) TO SECOND(9)",
  write: (text) => `TO_DSINTERVAL(${text})`,
  read: (value) => `TO_CHAR(${value})`,
};

/** By the name of the value type; `sqlType` is the type as in CAST. */
function variableOf(name: string | undefined, sqlType: string): Variable | undefined {
  switch (name) {
    case "bigInteger":
    case "numeric":
      return NUMBER;
    case "date":
      return DATE;
    case "dateTime":
      return sqlType.includes("TIME ZONE") ? INSTANT : TIMESTAMP;
    case "interval":
      return INTERVAL;
    default:
      return undefined;
  }
}

function kindOf(name: string | undefined, sqlType: string): OutKind {
  switch (name) {
    case "integer":
    case "smallInteger":
      return "number";
    case "float":
    case "double":
      return "double";
    case "boolean":
      return sqlType === "BOOLEAN" ? "boolean" : "number";
    case "text":
    case "json":
      return "clob";
    case "largeBinary":
      return sqlType.startsWith("RAW") ? "raw" : "blob";
    default:
      return "text";
  }
}

/** A call made ready: a PL/SQL block, its parameters, and where the outputs are among those that come out. */
export interface Block {
  readonly sql: string;
  readonly binds: readonly Bind[];
  /** For each output the position among the OUT parameters of the block. */
  readonly outputs: readonly number[];
}

/** `BEGIN p(:1, :2); END;` `typeOf` gives the name of the value type of an output by its position. */
export function blockOf(
  driver: Oracledb,
  { name, arguments: list }: ProcedureCall,
  typeOf: (position: number) => string | undefined,
): Block {
  const declared: string[] = [];
  const before: string[] = [];
  const after: string[] = [];
  const given: string[] = [];
  // Parameters stand in the order of the text: what goes into variables, the arguments, what comes out of variables.
  const first: Bind[] = [];
  const direct: Bind[] = [];
  const last: Bind[] = [];
  const outs: { readonly late: boolean; readonly at: number }[] = [];
  let directOuts = 0;
  list.forEach((argument, i) => {
    const { mode } = argument;
    if (mode === "in") {
      given.push(":");
      direct.push(...toBinds(driver, [argument.value]));
      return;
    }
    const type = typeOf(outs.length);
    const variable = variableOf(type, argument.type ?? "");
    if (variable === undefined) {
      given.push(":");
      direct.push(outBind(driver, argument, type));
      outs.push({ late: false, at: directOuts++ });
      return;
    }
    const local = `out_${i + 1}`;
    declared.push(`${local} ${variable.type};`);
    given.push(local);
    if (mode === "inOut") {
      before.push(`${local} := ${variable.write(":")};`);
      first.push(...toBinds(driver, [argument.value]));
    }
    after.push(`: := ${variable.read(local)};`);
    outs.push({ late: true, at: last.length });
    last.push(outDefinition(driver, new OutBind("text", MAX_TEXT)));
  });
  const body = `BEGIN ${[...before, `${name}(${given.join(", ")});`, ...after].join(" ")} END;`;
  let count = 0;
  // Only placeholders are a colon without anything behind it; a colon within a quoted name or a format is not.
  const sql = `${declared.length === 0 ? "" : `DECLARE ${declared.join(" ")} `}${body}`.replace(
    /'[^']*'|"[^"]*"|:(?=[,);]| :=|$)/g,
    (part) => (part === ":" ? `:${++count}` : part),
  );
  return {
    sql,
    binds: [...first, ...direct, ...last],
    outputs: outs.map(({ late, at }) => (late ? directOuts + at : at)),
  };
}

function outBind(driver: Oracledb, { mode, value, type }: ProcedureArgument, name: string | undefined): BindParameter {
  if (name === "refCursor") return { dir: driver.BIND_OUT, type: driver.DB_TYPE_CURSOR };
  const definition: BindDefinition = outDefinition(driver, new OutBind(kindOf(name, type ?? ""), MAX_TEXT));
  if (mode === "out") return definition;
  return { ...definition, dir: driver.BIND_INOUT, val: plainValue(value) };
}

function plainValue(value: unknown): unknown {
  if (value instanceof DoubleBind) return value.value;
  if (value instanceof NationalText) return value.text;
  return value instanceof Uint8Array ? Buffer.from(value) : value;
}
