import type { Chapter } from "../chapter.js";
import { batchChapter } from "./batches.js";
import { boundaryChapter } from "./boundaries.js";
import { clauseChapter } from "./clauses.js";
import { combiningChapter } from "./combining.js";
import { errorChapter } from "./errors.js";
import { eventChapter } from "./events.js";
import { expressionChapter } from "./expressions.js";
import { functionChapter } from "./functions.js";
import { injectionChapter } from "./injection.js";
import { jsonChapter } from "./json.js";
import { meaningChapter } from "./meaning.js";
import { nameChapter } from "./names.js";
import { operatorChapter } from "./operators.js";
import { optionChapter } from "./options.js";
import { ormChapter } from "./orm.js";
import { ownChapter } from "./own.js";
import { pagingChapter } from "./paging.js";
import { resultChapter } from "./results.js";
import { retryChapter } from "./retries.js";
import { schemaChapter } from "./schema.js";
import { selectChapter } from "./select.js";
import { sizeChapter } from "./sizes.js";
import { sourceChapter } from "./sources.js";
import { streamChapter } from "./streams.js";
import { textChapter } from "./text.js";
import { transactionChapter } from "./transactions.js";
import { typeChapter, typeRoadChapter } from "./types.js";
import { upsertChapter } from "./upserts.js";
import { writeChapter } from "./writes.js";
import { joinedWriteChapter } from "./writes-joined.js";

/** The chapters of the suite, in the order in which they run. */
export const CHAPTERS: readonly Chapter[] = [
  selectChapter,
  sourceChapter,
  combiningChapter,
  clauseChapter,
  pagingChapter,
  expressionChapter,
  operatorChapter,
  functionChapter,
  ownChapter,
  meaningChapter,
  writeChapter,
  joinedWriteChapter,
  upsertChapter,
  batchChapter,
  typeRoadChapter,
  typeChapter,
  boundaryChapter,
  jsonChapter,
  textChapter,
  transactionChapter,
  optionChapter,
  retryChapter,
  resultChapter,
  streamChapter,
  eventChapter,
  errorChapter,
  nameChapter,
  injectionChapter,
  sizeChapter,
  schemaChapter,
  ormChapter,
];
