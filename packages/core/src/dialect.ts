/**
 * `@acme/core/dialect`: what a dialect is made of. Our own dialects use nothing else; yours needs nothing else.
 */

export type { CompiledParts, PlaceholderStyle, RowTemplate } from "./compile/compiled.js";
export { type CompileOptions, isPredicate, SQLCompiler } from "./compile/compiler.js";
export { type DefaultedColumn, DmlColumns } from "./compile/dml-columns.js";
export type {
  AnyDelete,
  AnyDml,
  AnyInsert,
  AnyMerge,
  AnyUpdate,
  DeleteParts,
  RowTexts,
  UpdateParts,
} from "./compile/dml-compiler.js";
export { otherFroms } from "./compile/dml-froms.js";
export { inferOn, type SelectNode } from "./compile/froms.js";
export { MadeValue } from "./compile/made-value.js";
export type { SourceText } from "./compile/merge-compiler.js";
export { inlineInteger, inlineText } from "./compile/operator-compiler.js";
export type { Reading } from "./compile/reading-compiler.js";
export { otherUniqueKeys, uniqueKeys } from "./compile/unique-keys.js";
export { DDLCompiler, type DdlSubject } from "./ddl/compiler.js";
export type { OperatorRule, OperatorRules } from "./dialect/dialect.js";
export { Dialect, type FunctionRule, STANDARD_FUNCTIONS } from "./dialect/dialect.js";
export type {
  BeginOptions,
  ConnectOptions,
  Driver,
  DriverConnection,
  DriverResult,
  DriverStream,
  ErrorClassification,
  ErrorKind,
  ExecuteOptions,
  IsolationLevel,
  MaybePromise,
  PoolDefaults,
  ProcedureAnswer,
  ProcedureArgument,
  ProcedureCall,
  ServerVersion,
  TwoPhaseDriver,
} from "./dialect/driver.js";
export { type DialectFlags, STANDARD_FLAGS } from "./dialect/flags.js";
export { JsonRules, jsonPathText, plainPathText } from "./dialect/json-rules.js";
export type {
  ReflectedCheck,
  ReflectedColumn,
  ReflectedForeignKey,
  ReflectedIndex,
  ReflectedKey,
  ReflectedTable,
  ReflectionConnection,
  Reflector,
} from "./dialect/reflector.js";
export { RESERVED_WORDS } from "./dialect/reserved-words.js";
export { dateTimeName, hex, STANDARD_TYPES, sized } from "./dialect/standard-types.js";
export {
  type AnyType,
  baseType,
  literalText,
  type TypeRule,
  type TypeRules,
} from "./dialect/type-rules.js";
export { LruCache } from "./engine/cache.js";
export { drive, isPromise, promised, type Steps, wait } from "./engine/maybe.js";
export * from "./index.js";
export type { DialectOption, DialectOptions } from "./schema/constraint.js";
export { nameOf, requiredNameOf } from "./schema/naming.js";
export { ArrayOperator } from "./sql/array.js";
export { CustomOperator } from "./sql/custom-operator.js";
export { columnOf } from "./sql/dml.js";
export {
  Between,
  Binary,
  Case,
  Cast,
  Connective,
  Constant,
  Label,
  Like,
  Membership,
  NULL,
  Tuple,
  Unary,
} from "./sql/elements.js";
export { Extract } from "./sql/extract.js";
export { JsonArrayAgg, JsonNullTest, JsonObject } from "./sql/json.js";
export { NextValue } from "./sql/next-value.js";
export { OPERATORS, type Operator, type OperatorName } from "./sql/operators.js";
export { Match, RegexpMatch, RegexpReplace } from "./sql/patterns.js";
export { proposedRow } from "./sql/row-version.js";
export { elementType, itemOf, Subscript, type SubscriptRule, subscriptRule } from "./sql/subscript.js";
export { type FrameEdge, type FrameExclusion, Over } from "./sql/window.js";
export { Collate, Grouping, Quantified, TypeCoerce } from "./sql/wrappers.js";
export { Written } from "./sql/written.js";
export { DATABASE_DEFAULT } from "./types/column-def.js";
export { daySecondText, isoDuration } from "./types/interval.js";
export { plainDecimal } from "./types/numbers.js";
