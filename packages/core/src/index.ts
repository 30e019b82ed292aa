/**
 * `@acme/core`: the expression language, schema, types, compilers and engine.
 *
 * What applications and the ORM use is exported here; what authors of dialects use, in `@acme/core/dialect`.
 */
import "./sql/operate.js";
import "./compile/print.js";
import "./compile/reduce-columns.js";
import "./reflect/install.js";

export type { ParameterValues, Rendered, ResultColumn, Slot, StatementKind } from "./compile/compiled.js";
export { Compiled } from "./compile/compiled.js";
export { type CompileFunction, compiles } from "./compile/custom.js";
export { type DefinedFunction, defineFunction, type FunctionDefinition } from "./compile/define-function.js";
export {
  defineOperator,
  type OperatorDefinition,
  type OperatorFunction,
  type OperatorRendering,
} from "./compile/define-operator.js";
export {
  createStatements,
  dropStatements,
  type SchemaWorkOptions,
} from "./ddl/create.js";
export { type SortedTables, sortTables } from "./ddl/sort.js";
export {
  AddConstraint,
  CreateIndex,
  CreateSchema,
  CreateTable,
  type CreateTableOptions,
  DdlStatement,
  DdlText,
  DropConstraint,
  type DropConstraintOptions,
  DropIndex,
  type DropOptions,
  DropSchema,
  DropTable,
  SetColumnComment,
  SetTableComment,
} from "./ddl/statements.js";
export type { IsolationLevel } from "./dialect/driver.js";
export type { CompiledCacheStatus } from "./engine/cache.js";
export type { ConnectionCharacteristic } from "./engine/characteristics.js";
export { Connection } from "./engine/connection.js";
export { createEngine } from "./engine/create-engine.js";
export type { EchoLevel, EchoWriter } from "./engine/echo.js";
export { Engine } from "./engine/engine.js";
export type {
  Compilation,
  ConnectEvent,
  ConnectionEventName,
  ConnectReply,
  DriverCallEvent,
  DriverCallReply,
  EngineEventName,
  EngineEvents,
  EngineListener,
  EngineReplies,
  ErrorContext,
  ErrorReply,
  ExecutionEvent,
  ExecutionRewrite,
  PoolEvent,
  StatementEvent,
  StatementRewrite,
  TransactionEvent,
  TransactionEventName,
  TwoPhaseEvent,
} from "./engine/events.js";
export { Execution } from "./engine/execution.js";
export type { Parameters } from "./engine/executor.js";
export { engineFromConfig } from "./engine/from-config.js";
export { FrozenResult } from "./engine/frozen-result.js";
export {
  type LogFields,
  type Logger,
  type LoggerName,
  type LogLevel,
  type LogWriter,
  logTo,
  logWriter,
  setLogLevel,
} from "./engine/log.js";
export { type MockEngine, mockEngine } from "./engine/mock-engine.js";
export type {
  ConnectionHooks,
  ConnectionIsolation,
  ConnectionOptions,
  ConnectionPool,
  EngineBeginOptions,
  EngineOptions,
  EnginePoolOptions,
  EngineScope,
  ExecutionOptions,
  PoolFactory,
  SharedOptions,
  StreamOptions,
  TransactionOptions,
} from "./engine/options.js";
export { type EnginePlugin, registerEnginePlugin } from "./engine/plugins.js";
export {
  inOutParameter,
  OutParameter,
  outParameter,
  type ProcedureOptions,
  type ProcedureOutputs,
  type ProcedureResult,
} from "./engine/procedure.js";
export { type DialectFactory, dialectByName, registerDialect, registeredDialects } from "./engine/registry.js";
export { type ReplicaOptions, ReplicatedEngine } from "./engine/replicas.js";
export { type PrimaryKeyValues, Result, type ResultParts } from "./engine/result.js";
export type { ColumnPick, PickedRow, PickedTuple, PickedValue } from "./engine/result-picks.js";
export { isRetryable, type RetryEvent, type RetryOptions } from "./engine/retry.js";
export { rowKey } from "./engine/row-key.js";
export type { RowMapping } from "./engine/row-mapping.js";
export type { RowReader } from "./engine/row-reader.js";
export type { SchemaTranslateMap } from "./engine/schema-translation.js";
export { type SqlCommentOption, type SqlTags, sqlComment } from "./engine/sql-comments.js";
export type { RowStream } from "./engine/stream.js";
export type {
  CheckoutTrace,
  ConnectTrace,
  ExecuteTrace,
  TraceMessage,
  TraceTarget,
  TransactionTrace,
} from "./engine/trace-messages.js";
export type { Transaction } from "./engine/transaction.js";
export type { TwoPhase, TwoPhaseTransaction } from "./engine/two-phase.js";
export { DatabaseUrl, parseUrl, type UrlParts } from "./engine/url.js";
export type { DatabaseErrorDetails, ErrorDetails } from "./errors/index.js";
export {
  AcmeError,
  AmbiguousForeignKeysError,
  ArgumentError,
  CancelledError,
  CheckViolationError,
  CircularDependencyError,
  CompileError,
  ConnectError,
  ConnectionLostError,
  DatabaseError,
  DataError,
  DeadlockError,
  DriverMissingError,
  ForeignKeyViolationError,
  IntegrityError,
  InterfaceError,
  InternalError,
  InvalidRequestError,
  LockTimeoutError,
  MultipleResultsFound,
  NoForeignKeysError,
  NoResultFound,
  NoSuchColumnError,
  NoSuchDialectError,
  NoSuchTableError,
  NotNullViolationError,
  NotSupportedError,
  OperationalError,
  PoolTimeoutError,
  ProgrammingError,
  ResourceClosedError,
  SerializationError,
  StatementTimeoutError,
  UniqueViolationError,
} from "./errors/index.js";
export type { ListenOptions } from "./events/listeners.js";
export { type InspectOptions, Inspector, inspect } from "./reflect/inspector.js";
export {
  CheckConstraint,
  Constraint,
  ForeignKeyConstraint,
  Index,
  type IndexOptions,
  PrimaryKeyConstraint,
  UniqueConstraint,
} from "./schema/constraint.js";
export { type SchemaConnection, type SchemaHost, schemaAccess } from "./schema/host.js";
export { MetaData, type MetaDataOptions } from "./schema/metadata.js";
export type { NamedPart, NameTemplate, NamingConvention } from "./schema/naming.js";
export { Table, type TableConstructor } from "./schema/new-table.js";
export type {
  ColumnChange,
  MetaDataReflectOptions,
  ReflectOptions,
  TableReflectOptions,
} from "./schema/reflection.js";
export type {
  ColumnReflectEvent,
  MetaDataDdlEvent,
  MetaDataEvents,
  MetaDataListener,
  TableDdlEvent,
  TableEvents,
  TableListener,
} from "./schema/schema-events.js";
export type {
  AnyTable,
  Def,
  Defs,
  OptionalKeys,
  RequiredKeys,
  TableColumnFacts,
  TableOptions,
} from "./schema/table.js";
export { factsOf } from "./schema/table.js";
export { check, foreignKey, index, primaryKey, type TablePart, unique } from "./schema/table-parts.js";
export { adaptColumns } from "./sql/adapt.js";
export { Annotation, type AnnotationPlace } from "./sql/annotation.js";
export { type ArrayFactory, array } from "./sql/array.js";
export { BindParameter } from "./sql/bind.js";
export { asFrom, asItem, asJoin, type JoinTarget, toExpression, toFrom } from "./sql/coerce.js";
export { Column, type ColumnFacts } from "./sql/column.js";
export {
  ConflictClause,
  type ConflictTarget,
  type ConflictUpdate,
  type OfBothRows,
  OnConflict,
  OnDuplicateKey,
  type RowColumns,
  Upsert,
  type UpsertOptions,
} from "./sql/conflict.js";
export {
  all_,
  and,
  any_,
  case_,
  caseOf,
  distinct,
  false_,
  literal,
  not,
  null_,
  or,
  type ParameterOptions,
  param,
  postfixOp,
  prefixOp,
  true_,
  tuple,
} from "./sql/constructors.js";
export { type CteClause, CteCycle, CteSearch } from "./sql/cte-clauses.js";
export { type OperatorOptions, PRECEDENCE } from "./sql/custom-operator.js";
export { Delete, delete_ } from "./sql/delete.js";
export {
  Alias,
  Cte,
  fullJoin,
  Join,
  type JoinKind,
  join,
  outerJoin,
  type QueryColumns,
  Subquery,
} from "./sql/derived.js";
export { Dml, type ValueRow } from "./sql/dml.js";
export { Expression, type ExpressionNode, type Predicate } from "./sql/expression.js";
export { type ExtractField, extract } from "./sql/extract.js";
export { type Columns, FromClause } from "./sql/from-clause.js";
export { type Functions, func, type KnownFunctions, type OpenFunction } from "./sql/func.js";
export { type FunctionArgument, FunctionCall } from "./sql/function.js";
export { cube, GroupingElement, type GroupingKind, groupingSets, rollup } from "./sql/grouping-element.js";
export { Insert, insert } from "./sql/insert.js";
export { ItemGroup } from "./sql/item-group.js";
export {
  type JsonAt,
  type JsonForm,
  JsonPath,
  JsonSet,
  type JsonStep,
  jsonAgg,
  jsonArrayOf,
  jsonObject,
  jsonPath,
  jsonSet,
} from "./sql/json.js";
export { BeyondPosition, Keyset, keyset, type PagePosition } from "./sql/keyset.js";
export { Merge, type MergeAction, MergeBranch, MergeInto, type MergeMatch, MergeWhen, merge } from "./sql/merge.js";
export { type FetchMode, type ModifierParts, Modifiers } from "./sql/modifiers.js";
export { type NextValueOptions, nextValue } from "./sql/next-value.js";
export type {
  AffixOptions,
  BetweenOptions,
  FrameBound,
  FrameKind,
  LikeOptions,
  RegexpOptions,
  WindowOptions,
} from "./sql/options.js";
export { Order } from "./sql/order.js";
export type {
  Arithmetic,
  Bool,
  Decimal,
  Executable,
  ent,
  Item,
  ItemOf,
  ins,
  Lit,
  LoadOption,
  ld,
  NN,
  Nulls,
  NumberOperand,
  n,
  nul,
  Operand,
  OpS,
  OpT,
  Queryable,
  Quotient,
  row,
  Source,
  s,
  src,
  Typed,
  t,
  tup,
  Writable,
} from "./sql/protocols.js";
export {
  type ColumnDescription,
  CompoundSelect,
  type CteOptions,
  exists,
  type FetchOptions,
  Query,
  ScalarSubquery,
  type SetOperator,
} from "./sql/query.js";
export { asc, desc, ResultName } from "./sql/result-name.js";
export { type LockOptions, type LockStrength, RowLock } from "./sql/row-lock.js";
export { newRow, oldRow, RowVersion, type RowVersionKind } from "./sql/row-version.js";
export type { EntityItem, Items, Named, Tup, Val } from "./sql/rows.js";
export { JoinClause, Select, type SelectClauses, select, selectAll } from "./sql/select.js";
export { type ExtensionPoint, SyntaxExtension } from "./sql/syntax-extension.js";
export { CompositeField, TableFunction, type TableFunctionOptions } from "./sql/table-function.js";
export { type SampleMethod, TableSample, tableSample } from "./sql/table-sample.js";
export { Identifier, type Sql, sql, TextFragment } from "./sql/text.js";
export { Update, update } from "./sql/update.js";
export { type TypedRow, Values, type ValueTypes, values } from "./sql/values.js";
export { Window, window } from "./sql/window.js";
export {
  ArrayType,
  BigInteger,
  BooleanType,
  bigInteger,
  boolean,
  type ColumnDef,
  type ColumnOptions,
  type ComputedOptions,
  type Conversion,
  type Conversions,
  type DateForms,
  DateTime,
  type DateTimeForms,
  type DateTimeInput,
  type DateTimeOptions,
  DateType,
  DecoratedType,
  type Decoration,
  type DurationParts,
  date,
  dateTime,
  decorate,
  double,
  Enumeration,
  type EnumerationOptions,
  ExactType,
  enumeration,
  exact,
  Float,
  type flags,
  float,
  type IdentityOptions,
  Integer,
  Interval,
  type IntervalForms,
  type IntervalInput,
  integer,
  interval,
  Json,
  type JsonCodec,
  type JsType,
  json,
  jsonNull,
  LargeBinary,
  type Lazy,
  largeBinary,
  NullType,
  Numeric,
  type NumericForms,
  numeric,
  type Reference,
  type ReferenceOptions,
  type ReferentialAction,
  smallInteger,
  string,
  type Temporal,
  type TemporalObject,
  Text,
  type TextOptions,
  type TimeForms,
  TimeType,
  type TypeHost,
  type TypeNameUse,
  textType as text,
  time,
  Uuid,
  uuid,
  ValueType,
  VariantType,
} from "./types/index.js";
export { allowCodeGeneration, canGenerateCode } from "./visit/code-generation.js";
export { equals, sameShape, statementKey } from "./visit/compare.js";
export { declareNode, type FieldKind, Node, type NodeDeclaration } from "./visit/node.js";
export { copyTree, type Replacement, replace } from "./visit/replace.js";
export { childrenOf, iterate } from "./visit/walk.js";
